#include <bailey/web/request.hpp>

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>
#include "http/form_text.hpp"
#include "web/compiled_route.hpp"

namespace bailey {

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
  form_ = co_await http::read_form(*http_, spool, limits);
  if (Loop* const loop = Loop::current_or_null()) loop->set_activity(activity());  // others ran meanwhile
}

const std::string* Request::activity() const noexcept { return route_ == nullptr ? nullptr : &route_->activity; }

void Request::begin(http::Request& message) {
  reset();  // again: that nothing of one request reaches the next must not hang on another layer
  http_ = &message;
  started_at_ = std::chrono::steady_clock::now();
}

void Request::reset() noexcept {
  state_.reset();
  validation_errors_.entries.clear();
  form_.reset();
  http_ = nullptr;
  route_ = nullptr;
  body_ = {};
}

}  // namespace bailey
