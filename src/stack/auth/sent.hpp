#pragma once

#include <bailey/model/decode.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/parameters.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace bailey::stack::auth {

enum class EmptyBody : std::uint8_t { refused, allowed };

// A request's body as GoTrue reads it: a JSON object, whatever its Content-Type says; members nobody knows are passed
// over, null counts as absent, what is of another type is 400 `bad_json`. T is a model whose members are optional.
template <class T, EmptyBody empty = EmptyBody::refused>
class Sent : public web_detail::Parameter<T> {
 public:
  using web_detail::Parameter<T>::Parameter;
};

// The document of a body; {} for null. Throws AuthError 400 `bad_json`.
[[nodiscard]] json::value parse_sent(std::string_view text, EmptyBody empty);
[[noreturn]] void refuse_sent(const ValidationErrors& errors);
// PostgreSQL's texts hold no NUL, and bcrypt would stop at one.
void require_no_nul(std::string_view member, std::string_view text);

template <class T>
[[nodiscard]] T read_sent(std::string_view text, EmptyBody empty = EmptyBody::refused) {
  Decoded<T> decoded = decode<T>(parse_sent(text, empty));
  if (!decoded) refuse_sent(decoded.error());
  for_each_member(*decoded, [&]<std::size_t I>(const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_same_v<Member, std::optional<std::string>>) {
      if (member) require_no_nul(wire_names<T>[I], *member);
    } else if constexpr (std::is_same_v<Member, std::optional<Secret>>) {
      if (member) require_no_nul(wire_names<T>[I], member -> reveal());
    }
  });
  return *std::move(decoded);
}

}  // namespace bailey::stack::auth

template <class T, bailey::stack::auth::EmptyBody empty>
struct bailey::Binder<bailey::stack::auth::Sent<T, empty>> {
  static constexpr bool reads_body = true;

  static void describe(RouteInfo& route) {
    route.add(BodyInfo{.is_required = empty == stack::auth::EmptyBody::refused, .schema = &bailey::schema<T>});
  }
  static stack::auth::Sent<T, empty> bind(const Request& request) {
    return stack::auth::Sent<T, empty>(stack::auth::read_sent<T>(request.body(), empty));
  }
};
