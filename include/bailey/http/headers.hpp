#pragma once

#include <bailey/base/ascii.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

using ascii::equal_ignoring_case;  // as header names are compared

// The header fields of an answer, in order. A value: it copies what it is given. Names are compared without case.
//
// `add` and `set` throw Error "invalid_header" (500) for a name that is no token (RFC 9110 section 5.6.2) and for a
// value with a control character other than tab, so that text from a client cannot split an answer in two. They leave
// out the blanks around a value.
class Headers {
 public:
  Headers() noexcept = default;
  ~Headers();
  Headers(Headers&& other) noexcept;
  Headers& operator=(Headers&& other) noexcept;
  Headers(const Headers&) = default;
  Headers& operator=(const Headers&) = default;

  void add(std::string_view name, std::string_view value);  // keeps other fields of this name: Set-Cookie, Vary
  void set(std::string_view name, std::string_view value);  // replaces them
  void remove(std::string_view name);                       // all fields of this name
  void clear() noexcept;

  // The value of the first field of this name; nullopt when there is none. Valid until the next change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
  [[nodiscard]] bool empty() const noexcept { return wire_.empty(); }

  // Calls f(name, value) for each field, in order. `f` must not change the fields.
  template <class F>
  void for_each(F&& f) const {
    for (std::string_view rest = wire_; !rest.empty();) {
      const std::size_t colon = rest.find(':');
      const std::size_t end = rest.find('\r', colon);
      f(rest.substr(0, colon), rest.substr(colon + 2, end - colon - 2));
      rest.remove_prefix(end + 2);
    }
  }

  // All fields as they are sent, "Name: value\r\n" each. Valid until the next change.
  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }

  // Whether there may be a field that only the server writes: Connection, Content-Length, Transfer-Encoding, Date,
  // Server, Keep-Alive, Upgrade, Trailer, TE. It leaves these out and writes its own.
  [[nodiscard]] bool has_framing() const noexcept { return has_framing_; }

 private:
  std::string wire_;
  bool has_framing_ = false;
};

}  // namespace bailey::http
