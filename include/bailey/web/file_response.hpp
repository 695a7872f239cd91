#pragma once

#include <bailey/http/file_response.hpp>
#include <bailey/web/request.hpp>

#include <string>

namespace bailey {

using http::FileOptions;

// http::file_response for a handler:
//
//   app.get("/report", [](const Request& request) {
//     return file_response(request, "reports/latest.pdf", {.download_name = "report.pdf"});
//   });
//
// 412 and 416 are thrown as HttpError, as all errors of an app are.
[[nodiscard]] Task<Response> file_response(const Request& request, std::string path, FileOptions options = {});

}  // namespace bailey
