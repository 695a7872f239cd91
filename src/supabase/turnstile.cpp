// A place that becomes free is handed to the first in line at once, before its task runs again. So nobody overtakes,
// and should that task be cancelled in between, the destructor of its visit hands the place on.
#include "supabase/turnstile.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace bailey::detail {

void Turnstile::leave() noexcept {
  if (line_.empty()) {
    ++free_;
    return;
  }
  Visit& next = *line_.front();
  line_.pop_front();
  next.state_ = Visit::State::inside;
  next.timer_.cancel();
}

Turnstile::Visit::Visit(std::shared_ptr<Turnstile> turnstile, Loop& loop)
    : turnstile_(std::move(turnstile)), timer_(loop.executor()) {}

Turnstile::Visit::~Visit() {
  if (state_ == State::in_line) turnstile_->line_.erase(place_);
  if (state_ == State::inside) turnstile_->leave();
}

Task<bool> Turnstile::Visit::enter(std::chrono::milliseconds patience) {
  if (turnstile_->free_ > 0) {
    --turnstile_->free_;
    state_ = State::inside;
    co_return true;
  }
  place_ = turnstile_->line_.insert(turnstile_->line_.end(), this);
  state_ = State::in_line;
  timer_.expires_after(patience);
  boost::system::error_code error;
  co_await timer_.async_wait(boost::asio::redirect_error(use_task, error));
  if (state_ == State::inside) co_return true;
  if (error) throw boost::system::system_error(error);  // the awaiting task was cancelled
  co_return false;
}

}  // namespace bailey::detail
