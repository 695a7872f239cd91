#pragma once

#include <bailey/http/method.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::http {

struct HeaderField {
  std::string_view name;   // as sent
  std::string_view value;  // trimmed
};

// The head of a request as the parser leaves it: views into the bytes parsed.
struct RequestHead {
  Method method = Method::get;
  int version_minor = 1;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  std::uint64_t content_length = 0;
  std::string_view method_text, target, raw_path, path, query, host;
  std::vector<HeaderField> fields;
  std::string decoded_path;  // what `path` looks into when the path had escapes

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t header_count(std::string_view name) const noexcept;
};

}  // namespace bailey::http
