#pragma once

#include <bailey/http/response.hpp>

#include <string_view>

namespace bailey::stack::mail {

// The page that shows the mailbox: page/page.html, built in.
[[nodiscard]] http::Response page_response();

// What it loads: "page.js", "page.css". Throws HttpError 404 for anything else.
[[nodiscard]] http::Response page_asset(std::string_view name);

}  // namespace bailey::stack::mail
