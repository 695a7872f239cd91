#pragma once

#include <bailey/web/middleware.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {

// Which web pages may call the API from a browser (Fetch standard, CORS protocol). As FastAPI's CORSMiddleware.
struct CorsOptions {
  std::vector<std::string> allow_origins = {};                        // exact: "https://app.example.org"; "*": all
  std::function<bool(std::string_view origin)> allow_origin_if = {};  // asked when the list does not have it
  std::vector<std::string> allow_methods = {"GET"};                   // "*": DELETE GET HEAD OPTIONS PATCH POST PUT
  std::vector<std::string> allow_headers = {};                        // beside the safelisted ones; "*": what is asked
  std::vector<std::string> expose_headers = {};
  bool allow_credentials = false;  // cookies and HTTP authentication
  bool allow_private_network = false;
  std::chrono::seconds max_age{600};  // how long a browser keeps a preflight's answer
  // "*" together with credentials lets every page on the web act as the visitor. It is refused at start with Error
  // "invalid_cors" unless this says that it is meant.
  bool any_origin_with_credentials = false;
};

// Throws Error "invalid_cors" for an origin that no browser sends ("http://localhost:3000/", with the slash): it would
// match nothing. A port that is the scheme's own ("https://app.example.org:443") may be written; browsers leave it out.
// Answers preflights, and marks all responses, errors too. Use it before `authenticate`, or a browser is not told why
// it was refused. The origin "null" (sandboxed frames, files) is allowed only when the list has it.
[[nodiscard]] Middleware cors(CorsOptions options);

}  // namespace bailey
