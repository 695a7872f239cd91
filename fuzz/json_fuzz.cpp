// Any text decodes into nested models, or into errors that are themselves JSON. What decodes encodes, and reads back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <bailey/model/model.hpp>

namespace {

enum class Status { draft, published };

struct Item {
  std::string label;
  std::int32_t weight;
  std::optional<double> share;

  static constexpr auto rules() {
    return bailey::fields(
        bailey::field<&Item::label>(bailey::min_length(1), bailey::max_length(20), bailey::pattern("^[a-z]+$")),
        bailey::field<&Item::weight>(bailey::ge(0), bailey::multiple_of(3)));
  }
};
struct Login {
  std::string email;
  std::string password;

  static constexpr auto rules() {
    return bailey::fields(bailey::field<&Login::email>(bailey::format::email),
                          bailey::field<&Login::password>(bailey::secret, bailey::min_length(8)),
                          bailey::forbid_extra());
  }
};
struct Order {
  std::int64_t id;
  bailey::Uuid owner;
  Status status;
  std::vector<Item> items;
  std::map<std::string, std::uint64_t> counts;
  std::variant<bool, std::string, Item> any;
  bailey::Maybe<std::string> note;
  std::chrono::sys_time<std::chrono::microseconds> made_at;
  std::unique_ptr<Order> parent;
  bailey::json::value rest;
};

}  // namespace

namespace {

template <class T>
void decode_and_encode(std::string_view text) {
  const auto value = bailey::decode_json<T>(text, {"body"});
  if (!value) {
    std::string errors;
    value.error().append_json(errors);
    if (value.error().entries.empty() || !bailey::try_parse_json(errors)) std::abort();
    return;
  }
  const std::string encoded = bailey::encode(*value);
  const auto again = bailey::decode_json<T>(encoded);
  if (!again || bailey::encode(*again) != encoded) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  decode_and_encode<Order>(text);
  decode_and_encode<std::vector<Item>>(text);
  decode_and_encode<bailey::json::value>(text);
  if (const auto login = bailey::decode_json<Login>(text); !login) {
    for (const auto& entry : login.error().entries) {
      if (entry.loc.size() == 1 && std::get_if<std::string>(&entry.loc[0]) != nullptr &&
          *std::get_if<std::string>(&entry.loc[0]) == "password" && !entry.input.is_null()) {
        std::abort();
      }
    }
  }
  static_cast<void>(bailey::decode_text<std::int64_t>(text));
  static_cast<void>(bailey::decode_text<double>(text));
  static_cast<void>(bailey::decode_text<std::chrono::sys_seconds>(text));
  static_cast<void>(bailey::decode_text<std::string>(text, {}, bailey::constraints(bailey::pattern("^(a|b)*c{2,3}$"))));
  return 0;
}
