#pragma once

#include <bailey/http/response.hpp>

namespace bailey::web_detail {

// The answer that a file has been given, unless nothing of the file is sent: then it is thrown as an HttpError that
// says the same (412, 416), for the app to tell as it tells its other errors.
[[nodiscard]] http::Response unless_refused(http::Response response);

}  // namespace bailey::web_detail
