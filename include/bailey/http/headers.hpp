#pragma once

#include <bailey/base/ascii.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

using ascii::equal_ignoring_case;  // as header names are compared

// The header fields of an answer, in wire form. They are checked when they are put in, so that nothing a user sends can
// split an answer in two: a name must be a token (RFC 9110 5.6.2), a value must have no control characters but tab;
// otherwise Error("invalid_header", 500) is thrown. Spaces around a value are trimmed. Order is kept.
class Headers {
 public:
  Headers() noexcept = default;
  ~Headers();
  Headers(Headers&& other) noexcept;
  Headers& operator=(Headers&& other) noexcept;
  Headers(const Headers&) = default;
  Headers& operator=(const Headers&) = default;

  void add(std::string_view name, std::string_view value);  // beside those that are there: Set-Cookie, Vary
  void set(std::string_view name, std::string_view value);  // instead of them
  void remove(std::string_view name);
  void clear() noexcept;

  // The first of this name, in any case. The view holds until the next change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
  [[nodiscard]] bool empty() const noexcept { return wire_.empty(); }

  // Calls f(name, value) for each, in order.
  template <class F>
  void for_each(F&& f) const {
    for (std::string_view rest = wire_; !rest.empty();) {
      const std::size_t colon = rest.find(':');
      const std::size_t end = rest.find('\r', colon);
      f(rest.substr(0, colon), rest.substr(colon + 2, end - colon - 2));
      rest.remove_prefix(end + 2);
    }
  }

  // "Name: value\r\n" for each.
  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }

  // Whether one of those that the server itself writes has been put in: Connection, Content-Length, Transfer-Encoding,
  // Date, Server, Keep-Alive, Upgrade, Trailer, TE. It writes its own and leaves these out.
  [[nodiscard]] bool has_framing() const noexcept { return has_framing_; }

 private:
  std::string wire_;
  bool has_framing_ = false;
};

}  // namespace bailey::http
