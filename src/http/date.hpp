#pragma once

#include <chrono>
#include <string>

namespace bailey::http {

// Appends a date as HTTP writes it (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
void append_date(std::string& out, std::chrono::sys_seconds time);

}  // namespace bailey::http
