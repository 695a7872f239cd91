#pragma once

#include <bailey/http/method.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::http {

// One header field. Views into the bytes that were parsed.
struct HeaderField {
  std::string_view name;   // as sent
  std::string_view value;  // without the blanks around it
};

// The head of a request, checked and taken apart by the parser. Its views look into the bytes that were parsed, or into
// `decoded_path`, and are valid as long as those. Users read it through Request.
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

  // The value of the first field of this name, compared without case; nullopt when there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
  // How many fields have this name, compared without case.
  [[nodiscard]] std::size_t header_count(std::string_view name) const noexcept;
};

}  // namespace bailey::http
