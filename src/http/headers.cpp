#include <bailey/base/error.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/headers.hpp>

#include "http/characters.hpp"

#include <array>
#include <functional>
#include <string>
#include <utility>

namespace bailey::http {

namespace {

bool is_framing(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 9> framing{
      "connection", "content-length", "transfer-encoding", "date", "server", "keep-alive", "upgrade", "trailer", "te"};
  for (std::string_view one : framing)
    if (equal_ignoring_case(name, one)) return true;
  return false;
}

// A view into these very headers, as `get` gives it, would not survive what is done to them.
bool looks_into(std::string_view text, const std::string& wire) noexcept {
  const std::less_equal<> not_behind;
  return not_behind(wire.data(), text.data()) && not_behind(text.data(), wire.data() + wire.size());
}

}  // namespace

Headers::~Headers() {
  if (wire_.capacity() > 15) recycle(std::move(wire_));
}

Headers::Headers(Headers&& other) noexcept
    : wire_(std::move(other.wire_)), has_framing_(std::exchange(other.has_framing_, false)) {
  other.wire_.clear();
}

Headers& Headers::operator=(Headers&& other) noexcept {
  if (this == &other) return *this;
  recycle(std::exchange(wire_, std::move(other.wire_)));
  has_framing_ = std::exchange(other.has_framing_, false);
  other.wire_.clear();
  return *this;
}

void Headers::add(std::string_view name, std::string_view value) {
  if (looks_into(name, wire_) || looks_into(value, wire_)) return add(std::string(name), std::string(value));
  value = ascii::trim(value);
  if (!is_token(name)) throw Error("invalid_header", "a header name has characters it must not have");
  if (!is_field_value(value)) throw Error("invalid_header", "a header value has control characters");
  if (wire_.empty() && wire_.capacity() <= 15) wire_ = take_buffer();
  has_framing_ = has_framing_ || is_framing(name);
  wire_.append(name).append(": ").append(value).append("\r\n");
}

void Headers::set(std::string_view name, std::string_view value) {
  if (looks_into(name, wire_) || looks_into(value, wire_)) return set(std::string(name), std::string(value));
  if (!is_token(name) || !is_field_value(value)) return add(name, value);  // throws before anything is changed
  remove(name);
  add(name, value);
}

void Headers::remove(std::string_view name) {
  for (std::size_t start = 0; start < wire_.size();) {
    const std::size_t next = wire_.find("\r\n", start) + 2;
    const std::size_t colon = wire_.find(':', start);
    if (equal_ignoring_case(std::string_view(wire_).substr(start, colon - start), name))
      wire_.erase(start, next - start);
    else
      start = next;
  }
}

void Headers::clear() noexcept {
  wire_.clear();
  has_framing_ = false;
}

std::optional<std::string_view> Headers::get(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for_each([&](std::string_view key, std::string_view value) {
    if (!found && equal_ignoring_case(key, name)) found = value;
  });
  return found;
}

}  // namespace bailey::http
