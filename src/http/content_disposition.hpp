#pragma once

#include <string>
#include <string_view>

namespace bailey::http {

// A Content-Disposition (RFC 6266): `kind` ("attachment", "inline") and the name under which the client is to save the
// body. Whatever the name is made of, the field is well-formed: directories and control characters are left out of it;
// what a quoted string cannot say everywhere alike is in filename* (RFC 8187) and an underscore in filename.
[[nodiscard]] std::string content_disposition(std::string_view kind, std::string_view file_name);

}  // namespace bailey::http
