#pragma once

#include <bailey/base/make_shared_as.hpp>
#include <bailey/web/dependency.hpp>
#include <bailey/web/endpoint.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/path_template.hpp>
#include <bailey/web/route_options.hpp>
#include <bailey/web/static_files.hpp>
#include <bailey/web/web_socket.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey {

class App;

namespace graphql {
class Schema;
struct MountOptions;
}  // namespace graphql

namespace web_detail {

// A route as it was written, with what the routers around it add.
struct Route {
  http::Method method;
  std::string path;
  std::shared_ptr<const Endpoint> endpoint;
  RouteOptions options;
  std::shared_ptr<const Guard> guard = {};                      // its own, or that of the innermost router that has one
  std::vector<std::shared_ptr<const Provider>> providers = {};  // of its routers, the innermost's first
  bool is_health_check = false;
  bool is_any_method = false;                       // `method` says nothing
  std::optional<WebSocketOptions> web_socket = {};  // of one that is a WebSocket
  // Of a page about what its path does, as an editor for it: AppOptions::docs_guard stands before it, and its own guard
  // is there to sign people in.
  bool is_page = false;
  // Of such a page at the path of another GET: which requests are for it. It knows of them no more than their heads.
  bool (*is_for_page)(const Request& request) = nullptr;
};

// Not constexpr on purpose: the compiler names the one that is reached.
inline void the_path_template_is_not_valid() {}
inline void a_path_parameter_of_the_handler_is_not_in_the_template() {}
inline void the_kind_of_a_placeholder_does_not_fit_the_type_of_its_path_parameter() {}

template <class T>
constexpr bool is_path = false;
template <ParameterName Name, class T, auto Rules>
constexpr bool is_path<Path<Name, T, Rules>> = true;

template <class T>
consteval void require_placeholder(std::string_view path) {
  if constexpr (is_path<T>) {
    const SegmentKind kind = placeholder_kind(path, T::name);
    if (kind == SegmentKind::text) a_path_parameter_of_the_handler_is_not_in_the_template();
    if (!kind_fits<typename T::value_type>(kind))
      the_kind_of_a_placeholder_does_not_fit_the_type_of_its_path_parameter();
  }
}

consteval void require_template(std::string_view path) {
  PathTemplateReader reader(path);
  Segment segment;
  while (reader.next(segment)) {
  }
  if (reader.problem() != nullptr) the_path_template_is_not_valid();
}

template <class... P>
consteval void require_placeholders([[maybe_unused]] std::string_view path,
                                    std::type_identity<std::tuple<std::type_identity<P>...>>) {
  (require_placeholder<std::remove_cvref_t<P>>(path), ...);
}

}  // namespace web_detail

// A path template made at run time: checked at start instead of while compiling.
struct RuntimePath {
  std::string_view text;
};
[[nodiscard]] inline RuntimePath runtime_path(std::string_view text) noexcept { return {text}; }

// A path template for a handler of type F on an App or a Router. A literal is checked while compiling: its grammar,
// and, where no prefix can stand before it, that it has a placeholder for each Path<"name"> the handler takes.
template <class Owner, class F>
class PathFor {
 public:
  template <class S>
    requires std::convertible_to<const S&, std::string_view>
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to convert
  consteval PathFor(const S& literal) : text_(literal) {
    if constexpr (std::is_base_of_v<App, Owner>) {
      web_detail::require_template(text_);
      web_detail::require_placeholders(text_, std::type_identity<typename web_detail::Signature<F>::Parameters>{});
    } else {
      if (!text_.empty()) web_detail::require_template(text_);
    }
  }
  // NOLINTNEXTLINE(google-explicit-constructor)
  PathFor(RuntimePath path) noexcept : text_(path.text) {}

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

// Routes, to be included in an App or in another router.
//
// Of several routes that match a path the more literal one wins, segment by segment: text before {x:int}, {x:uuid},
// {x:float}, these before {x}, that before {x:path}; the order of registration does not matter. Two routes of one
// method and shape are an error at start. HEAD is answered by the GET route. A trailing slash counts.
//
// The path "" is the router's prefix itself, without a slash behind it.
//
// A handler may take a Path<"tenant"> that stands in the prefix of a router around it: a router's paths are compared
// with their handlers at start, and while compiling where the path is an App's own.
class Router {
 public:
  Router() = default;
  // Throws Error "invalid_route" for a prefix that is none.
  explicit Router(RouterOptions options);
  Router(Router&&) noexcept = default;
  Router& operator=(Router&&) noexcept = default;
  // An App is more than its routes: a router made of one would have lost its middleware and its guard.
  Router(App&&) = delete;
  Router& operator=(App&&) = delete;

  template <class Self, web_detail::PlainCallable F>
  Self& get(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
            RouteOptions options = {}) {
    self.add(http::Method::get, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& head(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
             RouteOptions options = {}) {
    self.add(http::Method::head, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& post(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
             RouteOptions options = {}) {
    self.add(http::Method::post, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& put(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
            RouteOptions options = {}) {
    self.add(http::Method::put, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& patch(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
              RouteOptions options = {}) {
    self.add(http::Method::patch, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& delete_(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
                RouteOptions options = {}) {
    self.add(http::Method::delete_, path.text(), std::move(handler), std::move(options));
    return self;
  }
  template <class Self, web_detail::PlainCallable F>
  Self& options(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
                RouteOptions options = {}) {
    self.add(http::Method::options, path.text(), std::move(handler), std::move(options));
    return self;
  }

  // All methods, those that nobody has heard of as well, but for those that another route of this path has. The handler
  // asks `Request::method_text` which it is. Guards stand before all of them, OPTIONS too. It is not in the document of
  // the API, which tells of methods one by one.
  //   app.any("/files/{path:path}", [](const Request& request, Path<"path"> path) -> Task<Response> { … });
  template <class Self, web_detail::PlainCallable F>
  Self& any(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
            RouteOptions options = {}) {
    self.add_any(path.text(), std::make_shared<const web_detail::BoundEndpoint<F>>(std::move(handler)),
                 std::move(options));
    return self;
  }

  // A WebSocket: GET with a handshake, anything else is answered with 426. The handler takes the WebSocket, and
  // whatever else handlers take but a body, and talks until it returns; guards, dependencies and middleware are those
  // of any route. Until it accepts, by `accept`, `receive` or `send`, its errors, those of what it takes and its
  // guard's are ordinary answers: 401, 422. What it takes lives until it returns. See docs/websockets.md.
  //   app.ws("/rooms/{room}", [](WebSocket socket, Path<"room"> room, User user) -> Task<> {
  //     while (auto said = co_await socket.receive()) co_await socket.send(said->data);
  //   });
  template <class Self, web_detail::PlainCallable F>
  Self& ws(this Self& self, PathFor<std::type_identity_t<Self>, std::type_identity_t<F>> path, F handler,
           WebSocketRouteOptions options = {}) {
    self.add(path.text(),
             make_shared_as<const web_detail::Endpoint, web_detail::WebSocketEndpoint<F>>(std::move(handler)),
             std::move(options));
    return self;
  }

  // What the routes of this router, and of those included in it, may ask for by its type. An inner router's own comes
  // first. Throws Error "invalid_dependency" for a second one of one type.
  //
  // A function with a handler's parameters that returns a T, a Task<T> or a std::expected of one, or awaits a Yield<T>:
  // it is called once for each request that needs a T. See dependency.hpp.
  template <class Self, web_detail::PlainCallable F>
  Self& provide(this Self& self, F function) {
    self.add(web_detail::provider_of(std::move(function)));
    return self;
  }
  // A value that all requests share, of all threads at once: handlers take it as `const T&`, or a copy.
  template <class Self, class T>
    requires(!web_detail::PlainCallable<T> && web_detail::Providable<T>)
  Self& provide(this Self& self, T value) {
    self.add(make_shared_as<const web_detail::Provider, web_detail::SharedProvider<T>>(std::move(value)));
    return self;
  }
  // An object of the caller's that all requests share, and that outlives the app: std::ref(database) for handlers that
  // take `pg::Database&`, std::cref for those that may only read it.
  template <class Self, class T>
  Self& provide(this Self& self, std::reference_wrapper<T> object) {
    static_assert(web_detail::Providable<std::remove_const_t<T>>);
    self.add(make_shared_as<const web_detail::Provider, web_detail::ReferenceProvider<T>>(object.get()));
    return self;
  }

  // The files of a directory below a prefix ("/assets"): GET and HEAD, with validators, ranges and precompressed
  // variants. With StaticFilesOptions::frontend and the prefix "" it is a front end: what no other route of the app
  // has, so that its own paths lead to its page. The options' guard: open_to_all() for what is public in an app with a
  // guard.
  //   app.static_files("/assets", StaticFiles("dist/assets"), {.guard = open_to_all()});
  template <class Self>
  Self& static_files(this Self& self, std::string_view prefix, StaticFiles files, RouteOptions options = {}) {
    self.add(prefix, std::move(files), std::move(options));
    return self;
  }

  // A GraphQL schema at a path, by POST and GET: see graphql/mount.hpp, which is to be included. Any number of them,
  // each with a guard of its own. Throws Error "invalid_schema" with all that is wrong with the schema.
  Router& graphql(std::string_view path, const graphql::Schema& schema);
  Router& graphql(std::string_view path, const graphql::Schema& schema, graphql::MountOptions options);

  // Takes over the router's routes, each below the prefix ("/api"; it starts with a slash and does not end with one,
  // else Error "invalid_route"). An App is refused, by the compiler or, where it goes by the name of a Router, with
  // Error "invalid_route".
  template <class Self, class R>
  Self& include(this Self& self, R&& router, std::string_view prefix = {}) {
    static_assert(
        !std::is_base_of_v<App, std::remove_cvref_t<R>>,
        "an App cannot be included: its middleware and its guard would be lost; make it a Router, and use the "
        "middleware on the App that includes it");
    static_assert(!std::is_lvalue_reference_v<R>, "a router is included as a whole: app.include(std::move(router))");
    if constexpr (!std::is_base_of_v<App, std::remove_cvref_t<R>>) self.adopt(std::forward<R>(router), prefix);
    return self;
  }

 protected:
  void require_not_started() const;
  void add_any(std::string_view path, std::shared_ptr<const web_detail::Endpoint> handler, RouteOptions options);

  RouterOptions options_;
  std::vector<web_detail::Route> routes_;
  std::vector<std::shared_ptr<const web_detail::Provider>> providers_;
  bool is_app_ = false;   // or what was moved out of one
  bool started_ = false;  // of an App: then it is served

 private:
  template <class F>
  void add(http::Method method, std::string_view path, F handler, RouteOptions options) {
    add(method, path, make_shared_as<const web_detail::Endpoint, web_detail::BoundEndpoint<F>>(std::move(handler)),
        std::move(options));
  }
  void add(http::Method method, std::string_view path, std::shared_ptr<const web_detail::Endpoint> endpoint,
           RouteOptions options);
  void add(web_detail::Route route);
  void add(std::string_view path, std::shared_ptr<const web_detail::Endpoint> handler, WebSocketRouteOptions options);
  void add(std::string_view prefix, StaticFiles files, RouteOptions options);
  void add(std::shared_ptr<const web_detail::Provider> provider);
  void adopt(Router&& router, std::string_view prefix);
};

}  // namespace bailey
