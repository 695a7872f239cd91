#pragma once

#include <bailey/http/file_response.hpp>

#include "http/file.hpp"

#include <string_view>

namespace bailey::http {

// What is said where nothing of a file is sent: with 412, and with 416.
inline constexpr std::string_view not_as_asked_for = "The file is not the one that was asked for";
inline constexpr std::string_view no_such_range = "The file has no such range";

// What file_response says of a file that is open already. `options.content_type` must not be empty.
[[nodiscard]] Response answer_with_file(const Request& request, File file, const FileOptions& options);

// All of a file whatever the request's conditions, with another status: a page that says what is wrong.
[[nodiscard]] Response answer_with_page(const Request& request, int status, File file, const FileOptions& options);

// Whether there is nothing to be had under a path, as errno tells: no such file, none that is regular, a path that
// cannot be one.
[[nodiscard]] bool is_no_file(int reason) noexcept;

}  // namespace bailey::http
