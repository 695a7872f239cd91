#include <bailey/web/request.hpp>

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>
#include "http/form_text.hpp"
#include "web/compiled_route.hpp"

#include <algorithm>

namespace bailey {

namespace {

// How much of the path is the prefix: a proxy in front has taken it off, or it has not. Either way the rest is what the
// app knows.
std::size_t bytes_of_root(std::string_view path, std::string_view root) noexcept {
  if (!path.starts_with(root)) return 0;
  return path.size() == root.size() || path[root.size()] == '/' ? root.size() : 0;
}

std::string_view or_root(std::string_view path) noexcept { return path.empty() ? std::string_view("/") : path; }

}  // namespace

std::string Request::client_address() const {
  return forwarded_ && !forwarded_->client_address.empty() ? forwarded_->client_address : http_->remote_address();
}

std::string_view Request::scheme() const noexcept {
  if (forwarded_ && !forwarded_->scheme.empty()) return forwarded_->scheme;
  return http_->is_secure() ? "https" : "http";
}

std::string_view Request::host() const noexcept {
  return forwarded_ && !forwarded_->host.empty() ? std::string_view(forwarded_->host) : http_->host();
}

std::string_view Request::root_path() const noexcept {
  return forwarded_ && !forwarded_->root_path.empty() ? std::string_view(forwarded_->root_path) : root_path_;
}

std::string Request::base_url() const {
  std::string url;
  url.append(scheme()).append("://").append(host()).append(root_path());
  return url;
}

std::string Request::url() const {
  if (outer_ != nullptr) return outer_->url();
  std::string url;
  url.append(scheme()).append("://").append(host());
  if (taken_bytes_ == 0) url.append(root_path());
  url.append(http_->raw_path());
  if (!query().empty()) url.append("?").append(query());
  return url;
}

std::string_view Request::raw_path() const {
  std::string_view raw = http_->raw_path();
  for (std::size_t left = taken_bytes_; left > 0 && !raw.empty(); --left)
    raw.remove_prefix(std::min<std::size_t>(raw.front() == '%' ? 3 : 1, raw.size()));
  if (taken_bytes_ == 0 || !raw.starts_with('%')) return or_root(raw);
  // An encoded slash is one to routes, and whoever puts this behind a host must not be led to another host by it.
  raw_path_text_.assign("/").append(raw.substr(std::min<std::size_t>(3, raw.size())));
  return raw_path_text_;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  std::optional<std::string> found;
  http::detail::for_each_pair(query(), [&](std::string_view key, std::string_view value) {
    if (!http::detail::form_text_equals(key, name, http::detail::Case::sensitive)) return;
    found.emplace();
    http::detail::decode_form_text(value, *found);
  });
  return found;
}

std::optional<std::string_view> Request::path_value(std::string_view name) const noexcept {
  if (route_ == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < route_->info.placeholders.size(); ++i) {
    if (route_->info.placeholders[i] == name) return path_values_[i];
  }
  return std::nullopt;
}

std::string_view Request::route() const noexcept { return route_ == nullptr ? std::string_view{} : route_->info.path; }

bool Request::is_health_check() const noexcept { return route_ != nullptr && route_->info.is_health_check; }

bool Request::is_web_socket() const noexcept { return route_ != nullptr && route_->info.is_web_socket; }

bool Request::may_last() const noexcept { return route_ != nullptr && route_->may_last; }

std::optional<UnixSeconds> Request::earliest_expiry() const noexcept {
  const std::optional<UnixSeconds> around = outer_ == nullptr ? std::nullopt : outer_->earliest_expiry();
  if (!expiry_ || !around) return expiry_ ? expiry_ : around;
  return std::min(*expiry_, *around);
}

std::optional<std::chrono::milliseconds> Request::expires_in() const {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now();
  const std::optional<UnixSeconds> expiry = earliest_expiry();
  if (!expiry) return std::nullopt;
  // In seconds: a time may be as far away, in either direction, as an integer can say, and have no milliseconds then.
  const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now);
  if (*expiry <= now_seconds) return milliseconds(1);
  if (*expiry - now_seconds > std::chrono::days(365)) return std::nullopt;  // no timer counts to that
  const auto left = std::chrono::time_point_cast<milliseconds>(*expiry) - std::chrono::floor<milliseconds>(now);
  return std::max<milliseconds>(left, milliseconds(1));
}

std::string_view Request::id() const {
  static constexpr std::string_view digits = "0123456789abcdef";
  http::RequestId rest = http_->id();
  for (std::size_t i = id_text_.size(); i-- > 0; rest >>= 4U) id_text_[i] = digits[rest & 15U];
  return {id_text_.data(), id_text_.size()};
}

bool Request::take_body_now(std::size_t limit_bytes) {
  const std::optional<std::string_view> body = http_->body_now();
  if (!body) return false;
  if (body->size() > limit_bytes) throw Error("payload_too_large", "The body is too large", 413);
  body_ = *body;
  return true;
}

Task<> Request::read_body(std::size_t limit_bytes) {
  body_ = co_await http_->body(limit_bytes);
  if (Loop* const loop = Loop::current_or_null()) loop->set_activity(activity());  // others ran meanwhile
}

Task<> Request::read_form(const http::Spool& spool, http::FormLimits limits) {
  if (form_) co_return;
  if (!http_->has_body() && !header("content-type")) {  // nothing was sent, and all of it is a form
    form_.emplace();
    co_return;
  }
  form_ = co_await http::read_form(*http_, spool, limits);
  if (Loop* const loop = Loop::current_or_null()) loop->set_activity(activity());  // others ran meanwhile
}

std::size_t Request::body_limit_bytes() const noexcept { return route_ == nullptr ? 0 : route_->call.body_limit_bytes; }

const http::FormLimits& Request::form_limits() const noexcept {
  static const http::FormLimits usual;
  return route_ == nullptr ? usual : route_->call.form_limits;
}

const std::string* Request::activity() const noexcept { return route_ == nullptr ? nullptr : &route_->activity; }

void Request::begin(http::Request& message, std::string_view root_path) {
  reset();  // again: that nothing of one request reaches the next must not hang on another layer
  http_ = &message;
  root_path_ = root_path;
  taken_bytes_ = root_path.empty() ? 0 : bytes_of_root(message.path(), root_path);
  path_ = or_root(message.path().substr(taken_bytes_));
  started_at_ = std::chrono::steady_clock::now();
}

void Request::begin_below(const Request& outer, std::string_view prefix) {
  reset();
  http_ = outer.http_;
  outer_ = &outer;
  forwarded_ = outer.forwarded_;
  if (forwarded_) forwarded_->root_path.clear();
  mounted_below_.assign(outer.root_path()).append(prefix);
  root_path_ = mounted_below_;
  taken_bytes_ = outer.taken_bytes_ + prefix.size();
  path_ = or_root(outer.path_.substr(prefix.size()));
  started_at_ = outer.started_at_;
}

void Request::reset() noexcept {
  if (inner_) inner_->reset();
  state_.reset();
  validation_errors_.entries.clear();
  form_.reset();
  expiry_.reset();
  http_ = nullptr;
  route_ = nullptr;
  body_ = {};
  path_ = {};
  root_path_ = {};
  taken_bytes_ = 0;
  outer_ = nullptr;
  answering_ = nullptr;
  forwarded_.reset();
}

}  // namespace bailey
