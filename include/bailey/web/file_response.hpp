#pragma once

#include <bailey/http/file_response.hpp>
#include <bailey/web/request.hpp>

#include <string>
#include <utility>

namespace bailey {

using http::FileOptions;

// http::file_response for a handler:
//
//   app.get("/report", [](const Request& request) {
//     return file_response(request, "reports/latest.pdf", {.download_name = "report.pdf"});
//   });
[[nodiscard]] inline Task<Response> file_response(const Request& request, std::string path, FileOptions options = {}) {
  return http::file_response(request.http(), std::move(path), std::move(options));
}

}  // namespace bailey
