#pragma once

#include <bailey/http/spooled_file.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/router.hpp>
#include "web/docs/attempts.hpp"
#include "web/error_responses.hpp"
#include "web/pipeline.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bailey::web_detail {

// Where what is uploaded lies while it is worked with.
struct Uploads {
  explicit Uploads(http::SpoolOptions options) : spool(pool, std::move(options)) {}
  BlockingPool pool{{}};
  http::Spool spool;
};

// What an app is made of. Shared by all pipelines that are compiled of it.
struct AppParts {
  std::vector<std::shared_ptr<const Middleware>> middlewares;  // outermost first
  std::shared_ptr<const Guard> guard;
  std::size_t guard_place = 0;  // the middlewares that stand outside of it
  std::shared_ptr<const Guard>
      page_guard;             // stands before pages (Route::is_page) in place of theirs; null: nobody does
  Attempts sign_in_attempts;  // from all pages
  ErrorResponses errors;
  std::string root_path;
  http::SpoolOptions spool;
  std::shared_ptr<Uploads> uploads;  // where a route reads a form
};

// What a test puts in the place of the app's own.
struct Overrides {
  std::span<const std::shared_ptr<const Provider>> providers = {};  // count before all others
  std::shared_ptr<const Guard> guard = {};                          // asked where any guard would be
};

// Makes of routes and what stands around them what serves requests. Throws what App::handler throws.
[[nodiscard]] Pipeline compile(AppParts& parts, std::span<const Route> routes,
                               std::span<const std::shared_ptr<const Provider>> providers, Overrides overrides = {});

}  // namespace bailey::web_detail
