#pragma once

#include <bailey/http/response.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/validation.hpp>
#include <bailey/web/error_format.hpp>

#include <string_view>

namespace bailey::web_detail {

// What a client is told of an error, in the app's format. `request_id` is shown by a problem alone; empty: none.
[[nodiscard]] http::Response error_response(ErrorFormat format, int status, std::string_view detail,
                                            std::string_view request_id);
[[nodiscard]] http::Response error_response(ErrorFormat format, int status, const json::value& detail,
                                            std::string_view request_id);
// 422
[[nodiscard]] http::Response error_response(ErrorFormat format, const ValidationErrors& errors,
                                            std::string_view request_id);

}  // namespace bailey::web_detail
