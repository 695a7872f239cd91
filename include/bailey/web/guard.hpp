#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/route_info.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bailey {

class MetricWriter;

// Figures that are asked for when somebody reads the app's metrics. See Metrics::collect.
struct MetricSource {
  std::function<void(MetricWriter&)> write = {};
  const void* subject = nullptr;  // what they are of, to tell it from others; null: of this source alone
};

// What somebody gets who has signed in: the token that their requests carry.
struct SignedIn {
  Secret access_token;
  std::int64_t expires_in = 0;  // seconds
};

// Finds out who makes a request, before its body is read, and refuses those who may not. An app has one for all of its
// routes (App::use); a router or a route may have another in its place. Which one a request meets is so to be read
// where the route is written, and nobody keeps a list of paths.
//
// Hooks are called on the request's thread and are shared by all threads: they must not change what they capture.
struct Guard {
  std::string name = {};
  // Says who it is with `State::set_identity` and lets the request go on, or refuses it by throwing HttpError, or by an
  // answer. One without it that covers a route is refused at start: open_to_all() is for what everybody may see.
  std::function<Before(Request&)> admit = {};
  // Whether requests that match this route template have an identity once they are past it. Not asked for the route of
  // the health check and for OPTIONS, which a guard lets pass.
  std::function<Guarded(std::string_view route)> covers = [](std::string_view) { return Guarded::always; };
  // Whether those who have an identity are users: who admits machines says `others`, or `users_and_others`, so that a
  // handler that takes a User is refused at start, or answers 403 to those who are none.
  Admits admits = Admits::users;
  // What is said of it in the document: a route that it covers answers 401 and 403, too.
  SecurityInfo security = {};
  // Signs somebody in by e-mail address and password, for the form that "Authorize" on the documentation page opens:
  // the page's own route calls it (AppOptions::docs_path). Throws an Error whose status is below 500 when they are
  // wrong. Empty: there is no such form.
  std::function<Task<SignedIn>(std::string email, Secret password)> sign_in = {};
  // Called at start with all routes that it stands before, to refuse by throwing an Error what would go wrong later.
  std::function<void(std::span<const RouteInfo> routes)> check = {};
  // What it has to tell among the app's metrics, as of its cache. Null: nothing.
  std::shared_ptr<const MetricSource> metrics = {};
};

// Lets everybody pass and looks at no token: for what is public in an app that has a guard.
//   app.get("/terms", terms, {.guard = open_to_all()});
[[nodiscard]] Guard open_to_all();

}  // namespace bailey
