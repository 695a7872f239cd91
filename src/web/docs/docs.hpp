#pragma once

#include <bailey/model/json.hpp>
#include <bailey/web/guard.hpp>
#include "web/docs/page.hpp"

#include <functional>
#include <string>

namespace bailey::web_detail {

// What an app says about itself: its document and the pages that show it. Made at start, then only read.
struct Docs {
  std::string document;
  DocsPage swagger;
  DocsPage redoc;
  DocsPage redirect;
  std::string cache_control;  // of what never changes
  decltype(Guard::sign_in) sign_in;
};

}  // namespace bailey::web_detail
