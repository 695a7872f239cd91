// Runs as plain function calls for as long as nobody has to wait. The first that does, a `before` hook, an `around`
// middleware or the handler, is wrapped into one coroutine that does the rest. Each part is given `first`, the
// outermost middleware whose `after` is still to run on its way out, and leaves the layers outside of that to its
// caller.
//
// A request that waits may be answered for meanwhile. So its state says how far it has come where that is not the
// handler: `Entered`, set by those that wait outside of it alone, for whom another store is nothing.
//
// Invariant: whatever is thrown becomes a response where it is thrown, so that a response leaves through every `after`
// hook whose middleware let the request in.
#include "web/pipeline.hpp"

#include <bailey/runtime/loop.hpp>
#include "web/background_tasks.hpp"
#include "web/dependency_run.hpp"
#include "web/web_socket_route.hpp"

#include <bailey/base/ascii.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>
#include <variant>

namespace bailey::web_detail {
namespace {

// For the message about a loop that is stalled.
void name_activity(const std::string* activity) noexcept {
  if (Loop* const loop = Loop::current_or_null()) loop->set_activity(activity);
}

// The middlewares whose `after` is to run when the request is answered now.
struct Entered {
  std::size_t count;
  bool has_been_answered = false;
};

void enter(Request& request, std::size_t count) {
  if (auto* const entered = request.state().get<Entered>())
    entered->count = count;
  else
    request.state().set(Entered{count});
}

// Whether a conversation may come of it. Of a mounted app's it is not known before that has been asked.
bool may_converse(const CompiledRoute& route, const Request& request) {
  return route.web_socket || (route.info.is_any_method && request.header("Upgrade"));
}

// Whether it is meant to be a handshake; whether it is one is looked at behind the guard.
bool asks_for_web_socket(const Request& request) {
  const auto upgrade = request.header("Upgrade");
  return upgrade && ascii::equal_ignoring_case(ascii::trim(*upgrade), "websocket");
}

}  // namespace

Pipeline::Pipeline(std::vector<std::shared_ptr<const Middleware>> middlewares, std::vector<const Middleware*> layers,
                   RouteTable routes, ErrorResponses errors, std::string root_path)
    : middlewares_(std::move(middlewares)),
      layers_(std::move(layers)),
      routes_(std::move(routes)),
      errors_(std::move(errors)),
      root_path_(std::move(root_path)) {}

http::Answer Pipeline::handle(http::Request& message) const {
  auto* request = dynamic_cast<Request*>(message.attachment());
  if (request == nullptr) throw Error("no_attachment", "The server did not keep what App::handler attaches");
  request->begin(message, root_path_);
  return handle(*request);
}

http::Answer Pipeline::handle(Request& request) const {
  request.route_ = routes_.find(request.method(), request.path(), request.path_values_).route;
  if (request.route_ != nullptr && request.route_->web_socket_beside != nullptr && asks_for_web_socket(request))
    request.route_ = request.route_->web_socket_beside;
  else if (request.route_ != nullptr && request.route_->page_beside != nullptr &&
           request.route_->page_beside->is_for_page(request))
    request.route_ = request.route_->page_beside;
  name_activity(request.activity());
  if (request.route_ != nullptr && may_converse(*request.route_, request))
    return outlast_conversation(request, run(request, 0));
  return run(request, 0);
}

http::Answer Pipeline::run(Request& request, std::size_t first) const {
  const std::vector<const Middleware*>& around = layers(request);
  if (first != 0) enter(request, around.size());  // they were called by one that has waited, or does
  for (std::size_t at = first; at < around.size(); ++at) {
    const Middleware& middleware = *around[at];
    if (middleware.around) return run_around(request, at, first);
    if (!middleware.before) continue;
    try {
      Before decision = middleware.before(request);
      if (auto* response = std::get_if<Response>(&decision)) return finish(request, std::move(*response), first, at);
      if (auto* later = std::get_if<Task<std::optional<Response>>>(&decision)) {
        return run_when_decided(request, std::move(*later), at, first);
      }
    } catch (...) {
      return fail(request, std::current_exception(), first, at);
    }
  }
  try {
    http::Answer answer = dispatch(request, first);
    if (auto* response = std::get_if<Response>(&answer)) {
      return finish(request, std::move(*response), first, around.size());
    }
    return answer;
  } catch (...) {
    return fail(request, std::current_exception(), first, around.size());
  }
}

http::Answer Pipeline::dispatch(Request& request, std::size_t first) const {
  if (const CompiledRoute* const route = request.route_) {
    if (route->web_socket) return open_web_socket(*route, request, Outlet(*this, first), errors_.format());
    if (!route->steps.empty()) return call_with_dependencies(*route, request, Outlet(*this, first));
    return route->endpoint->call(request, route->call, Outlet(*this, first));
  }
  // "*" is no path: OPTIONS * asks about the server as a whole (RFC 9110 9.3.7).
  const bool is_about_all = request.path() == "*";
  const MethodSet allowed =
      is_about_all ? routes_.methods() : routes_.find(request.method(), request.path(), request.path_values_).allowed;
  if (allowed.none()) return errors_.refuse(404, request);
  if (request.method() != http::Method::options) return errors_.refuse(405, request, to_list(allowed));
  Response response = Response::empty(204);
  response.headers.add("Allow", to_list(allowed));
  return response;
}

Response Pipeline::finish(Request& request, Response response, std::size_t first, std::size_t end) const noexcept {
  auto* const entered = request.state().get<Entered>();
  const bool was_answered = entered != nullptr && entered->has_been_answered;
  if (entered != nullptr) entered->count = first;
  while (!was_answered && end-- > first) {
    const Middleware& middleware = *layers(request)[end];
    if (!middleware.after) continue;
    try {
      middleware.after(request, response);
    } catch (...) {
      response = errors_.respond(std::current_exception(), request);
    }
  }
  if (first == 0) name_activity(nullptr);
  return response;
}

Response Pipeline::fail(Request& request, const std::exception_ptr& failure, std::size_t first,
                        std::size_t end) const noexcept {
  if (auto* const tasks = request.state().get<BackgroundTasks>()) tasks->clear();
  return finish(request, errors_.respond(failure, request), first, end);
}

Response Pipeline::answer_instead(Request& request) const {
  if (request.state().get<Entered>() == nullptr) enter(request, layers(request).size());
  auto& entered = *request.state().get<Entered>();
  const auto failure = std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted));
  // A mounted app says it in its own way.
  Response usual = request.answering_ != nullptr ? request.answering_->answer_instead(*request.inner_)
                                                 : errors_.respond(failure, request);
  Response response = finish(request, std::move(usual), 0, entered.count);
  entered.has_been_answered = true;
  return response;
}

Task<Response> Pipeline::run_around(Request& request, std::size_t at, std::size_t first) const {
  const Next next(*this, at + 1);  // here, so that the middleware may take it by reference
  std::exception_ptr failure;
  try {
    enter(request, at);
    Response response = co_await layers(request)[at]->around(request, next);
    co_return finish(request, std::move(response), first, at);
  } catch (...) {
    failure = std::current_exception();
  }
  co_return fail(request, failure, first, at);
}

Task<Response> Pipeline::run_when_decided(Request& request, Task<std::optional<Response>> decision, std::size_t at,
                                          std::size_t first) const {
  std::exception_ptr failure;
  std::optional<Response> early;
  try {
    enter(request, at);
    early = co_await std::move(decision);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) co_return fail(request, failure, first, at);
  if (early) co_return finish(request, std::move(*early), first, at);

  http::Answer answer = run(request, at + 1);
  if (auto* later = std::get_if<Task<Response>>(&answer)) {
    Response response = co_await std::move(*later);
    co_return finish(request, std::move(response), first, at + 1);
  }
  co_return finish(request, std::move(std::get<Response>(answer)), first, at + 1);
}

Response Outlet::succeed(Request& request, Response response) const noexcept {
  return pipeline_->finish(request, std::move(response), first_, pipeline_->layers(request).size());
}

Response Outlet::fail(Request& request, const std::exception_ptr& failure) const noexcept {
  return pipeline_->fail(request, failure, first_, pipeline_->layers(request).size());
}

}  // namespace bailey::web_detail
