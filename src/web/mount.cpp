// A mounted app is asked within one route of the app around it. It sees the request as one of its own, with the rest of
// the path and a state of its own; the message underneath, its body and its peer are the same. That request lives in
// the outer one, and is used again with it.
//
// What the inner pipeline answers is complete: it makes responses of its own errors. So nothing but a response comes
// out, through the outlet to the layers of the outer app.
#include "web/mount.hpp"

#include <bailey/web/app.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include "http/response_writer.hpp"
#include "web/app_parts.hpp"
#include "web/error_body.hpp"
#include "web/pipeline.hpp"
#include "web/web_socket_route.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace bailey {
namespace web_detail {

MountEndpoint::MountEndpoint(std::string prefix) : prefix_(std::move(prefix)) {
  if (prefix_.starts_with('/') && !prefix_.ends_with('/') && prefix_.find_first_of("{}*?#% ") == std::string::npos)
    return;
  throw Error("invalid_route",
              "An app is mounted at a literal prefix that starts with a slash and does not end with one, such as "
              "\"/auth/v1\", and not at \"" +
                  prefix_ + "\"");
}

void MountEndpoint::connect(const AppHandler& handler) noexcept {
  handler_ = &handler;
  pipeline_ = &handler.pipeline();
}

std::optional<std::string_view> MountEndpoint::below(std::string_view target) const noexcept {
  if (!target.starts_with(prefix_)) return std::nullopt;
  target.remove_prefix(prefix_.size());
  if (!target.empty() && target.front() != '/' && target.front() != '?') return std::nullopt;
  return target;
}

http::Answer MountEndpoint::ask(Request& request) const {
  if (!request.inner_) request.inner_ = std::make_unique<Request>();
  Request& inner = *request.inner_;
  inner.begin_below(request, prefix_);
  request.answering_ = pipeline_;
  http::Answer answer = pipeline_->handle(inner);
  if (std::holds_alternative<Response>(answer)) request.answering_ = nullptr;
  return answer;
}

http::Answer MountEndpoint::call(Request& request, const CallOptions&, Outlet outlet) const {
  http::Answer answer = ask(request);
  if (auto* const later = std::get_if<Task<Response>>(&answer)) return deliver(request, std::move(*later), outlet);
  return answer;
}

Task<Response> MountEndpoint::invoke(Request& request, const CallOptions&) const {
  http::Answer answer = ask(request);
  if (auto* const later = std::get_if<Task<Response>>(&answer))
    return deliver(request, std::move(*later), std::nullopt);
  return [](Response response) -> Task<Response> { co_return response; }(std::move(std::get<Response>(answer)));
}

Task<Response> MountEndpoint::deliver(Request& request, Task<Response> answer, std::optional<Outlet> outlet) {
  std::exception_ptr failure;
  try {
    Response response = co_await std::move(answer);
    request.answering_ = nullptr;
    if (request.inner_->is_web_socket()) share_conversation(*request.inner_, request);
    if (!outlet) co_return response;
    co_return outlet->succeed(request, std::move(response));
  } catch (...) {
    failure = std::current_exception();
  }
  request.answering_ = nullptr;
  if (!outlet) std::rethrow_exception(failure);
  co_return outlet->fail(request, failure);
}

}  // namespace web_detail

bool App::leads_to(const App& app) const noexcept {
  if (this == &app) return true;
  for (const auto& mount : parts_->mounts)
    if (mount.app->leads_to(app)) return true;
  return false;
}

App& App::mount(std::string_view prefix, App& app, RouteOptions options) {
  require_not_started();
  if (app.leads_to(*this))
    throw Error("invalid_route", "The app \"" + app.title() + "\" cannot be mounted below itself");
  auto endpoint = std::make_shared<web_detail::MountEndpoint>(std::string(prefix));
  parts_->mounts.push_back({endpoint, &app});
  add_any(prefix, endpoint, options);
  add_any(std::string(prefix) + "/{below:path}", endpoint, std::move(options));
  return *this;
}

void App::start_mounted() {
  for (const auto& mount : parts_->mounts) {
    static_cast<void>(mount.app->handler());
    mount.endpoint->connect(*mount.app->parts_->handler);
  }
}

// Once, wherever and how often it is mounted.
void App::add_lifespans_to(web_detail::Lifespans& lifespans, std::vector<const App*>& added) const {
  if (std::ranges::find(added, this) != added.end()) return;
  added.push_back(this);
  lifespans.add(parts_->lifespans, providers_);
  for (const auto& mount : parts_->mounts) mount.app->add_lifespans_to(lifespans, added);
}

std::unique_ptr<web_detail::Lifespans> App::make_lifespans() const {
  auto lifespans = std::make_unique<web_detail::Lifespans>();
  std::vector<const App*> added;
  add_lifespans_to(*lifespans, added);
  return lifespans;
}

App& App::set_refusal_handler(web_detail::RefusalHandler handler) {
  require_not_started();
  parts_->on_refusal = std::move(handler);
  return *this;
}

namespace web_detail {

Response AppHandler::usual_refusal(int status, std::string_view detail, std::string_view target) const {
  const MountEndpoint* nearest = nullptr;
  for (const Mounted& mount : mounts_) {
    if (!mount.endpoint->below(target)) continue;
    if (nearest == nullptr || mount.endpoint->prefix().size() > nearest->prefix().size())
      nearest = mount.endpoint.get();
  }
  if (nearest != nullptr) return nearest->handler().refuse_below_root(status, detail, *nearest->below(target));
  if (pipeline_.error_format() != ErrorFormat::detail)
    return error_response(pipeline_.error_format(), status, detail, {});
  return http::error_response(status, detail);
}

Response AppHandler::refuse(int status, std::string_view detail, std::string_view target) {
  const std::string_view root = pipeline_.root_path();
  const std::string_view rest = target.starts_with(root) ? target.substr(root.size()) : target;
  const bool is_below_root = rest.empty() || rest.front() == '/' || rest.front() == '?';
  return refuse_below_root(status, detail, is_below_root ? rest : target);
}

Response AppHandler::refuse_below_root(int status, std::string_view detail, std::string_view target) const {
  Response usual = usual_refusal(status, detail, target);
  if (!on_refusal_) return usual;
  try {
    return on_refusal_(Refusal{.status = status, .detail = detail, .target = target}, std::move(usual));
  } catch (const std::exception& failure) {
    log::error("a refusal could not be answered", {{"status", status}, {"reason", failure.what()}});
  }
  return usual_refusal(status, detail, target);
}

}  // namespace web_detail

}  // namespace bailey
