#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include <string>

namespace bailey::http {

struct FileOptions {
  std::string content_type = {};   // "": what the file's name says
  std::string download_name = {};  // the name to save it under; "": none is said
  bool is_shown = false;           // with a download_name: in the browser, instead of being saved at once
  std::string cache_control = {};  // "": none is said
};

// Answers with the regular file of this path, which must not be a stranger's choice: nothing keeps it below a directory
// (StaticFiles does). The file is read as it is sent, without keeping the loop waiting for the disk, in little memory
// whatever its size; what is sent is the file that was opened, as long as it was then. Where it has become shorter the
// connection is cut, so that the client sees that something is missing.
//
// The answer has ETag, Last-Modified and Accept-Ranges. GET and HEAD heed the request's conditions (RFC 9110 section
// 13): 304, 412; GET its Range: 206 with one range or several ("multipart/byteranges"), 416. To a Range that is
// malformed, or asks for more than 16 ranges, the whole file is the answer.
//
// The entity tag stands for the file's place on the disk, its size and the nanosecond it was last written, so a tag
// costs no reading, and copies of one file on two machines have two.
//
// Throws Error "not_found" (404) when there is no such file or it is no regular one, "overloaded" (503) when the
// process has no descriptor left, else "file_unreadable" (500), and "invalid_header" for options with control
// characters. `request` must outlive the task.
[[nodiscard]] Task<Response> file_response(const Request& request, std::string path, FileOptions options = {});

}  // namespace bailey::http
