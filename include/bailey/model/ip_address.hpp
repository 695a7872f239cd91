#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <bailey/model/reflect.hpp>

namespace bailey {

// An IPv4 or IPv6 address as a value of models and parameters, in its normal form (RFC 5952): "2001:DB8:0::1" is
// "2001:db8::1". Without a zone; no network.
class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0
  // The error is a sentence.
  [[nodiscard]] static std::expected<IpAddress, std::string> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool is_v6() const noexcept { return text_.find(':') != std::string::npos; }
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  explicit IpAddress(std::string text) noexcept : text_(std::move(text)) {}

  std::string text_ = "0.0.0.0";
};

template <>
struct TextCodec<IpAddress> {
  static constexpr std::string_view format = "ipvanyaddress";
  static constexpr std::string_view error_type = "ip_any_address";
  static constexpr std::string_view kind_error_type = "ip_any_address";
  static constexpr std::string_view kind_error = "value is not a valid IPv4 or IPv6 address";
  static std::string to_text(const IpAddress& value) { return value.text(); }
  static std::expected<IpAddress, std::string> from_text(std::string_view text) { return IpAddress::parse(text); }
};

}  // namespace bailey
