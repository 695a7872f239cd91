#pragma once

#include <bailey/http/form_limits.hpp>
#include <bailey/http/request.hpp>
#include <bailey/http/spooled_file.hpp>
#include <bailey/http/urlencoded.hpp>
#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// A file of a form. It goes with this: moved into a task that runs on, it stays.
struct UploadFile {
  std::string name;          // of the field
  std::string filename;      // as the client says, without directories: never a path. "": none was chosen, or no name
  std::string content_type;  // as the client says; "" when it does not
  std::vector<std::pair<std::string, std::string>> headers;  // of its part
  SpooledFile content;

  [[nodiscard]] std::uint64_t size() const noexcept { return content.size(); }
  [[nodiscard]] Task<std::string> read(std::size_t most_bytes = 64 * 1024) { return content.read(most_bytes); }
  [[nodiscard]] Task<> save_to(std::string path) { return content.save_to(std::move(path)); }
};

// What a form has brought, in the order sent. Of several with one name the last is meant, unless all are asked for.
class FormData {
 public:
  std::vector<FormField> fields;
  std::vector<UploadFile> files;

  // Views and pointers into this; nothing, or null, when there is none.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept;
  [[nodiscard]] UploadFile* file(std::string_view name) noexcept;

 private:
  friend Task<FormData> read_form(Request& request, const Spool& spool, FormLimits limits);
  std::optional<Spool::Memory> memory_;  // what fields and heads hold
};

// Reads a form, urlencoded or multipart as its Content-Type says: fields into memory, files into `spool`. Fields become
// UTF-8: as they are, or read as Latin-1 where they are none or say so. Throws Error "unsupported_media_type" (415) for
// anything else, "malformed_form" (400), "payload_too_large" (413), "overloaded" (503), and what Request::body and
// SpooledFile throw. What had been read goes then. `request` and `spool` must live until it returns.
[[nodiscard]] Task<FormData> read_form(Request& request, const Spool& spool, FormLimits limits = {});

}  // namespace bailey::http
