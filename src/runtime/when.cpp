#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/waiter.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <list>

namespace bailey::detail {

namespace asio = boost::asio;

class Join::State final : public Waiter {
 public:
  State(Loop& loop, CancelOthers when) : Waiter(loop), when_(when) {}

  void start(Task<> task) {
    const std::size_t number = running_.size();
    asio::cancellation_signal& cancel = running_.emplace_back();
    if (over_) return;
    ++left_;
    asio::co_spawn(loop().executor(), std::move(task),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [this, number](const std::exception_ptr& failure) { ended(number, failure); }));
  }
  void won_by(std::size_t number) noexcept {
    if (first_) return;
    first_ = number;
    cancel_all_but(number);
  }

  Task<> wait() {
    if (left_ > 0) {
      waits_ = true;
      co_await Waiter::wait();
    }
    if (cancelled_) throw boost::system::system_error(asio::error::operation_aborted);
  }

  [[nodiscard]] std::size_t first() const noexcept { return first_.value_or(0); }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

 private:
  void ended(std::size_t number, const std::exception_ptr& failure) {
    --left_;
    const bool decides = when_ == CancelOthers::on_any_end ? !first_ : failure && !error_;
    if (!first_) first_ = number;
    if (decides) {
      error_ = failure;
      cancel_all_but(number);
    }
    if (left_ == 0 && waits_) settle_later();
  }
  void cancel_all_but(std::optional<std::size_t> number) {
    over_ = true;
    std::size_t other = 0;
    for (asio::cancellation_signal& cancel : running_)
      if (other++ != number) cancel.emit(asio::cancellation_type::terminal);
  }
  // A cancelled wait goes on all the same until the tasks have ended: they use its frame. One that has a value has been
  // decided.
  bool withdraw(Reason reason) noexcept override {
    if (when_ == CancelOthers::on_any_end && first_) return false;
    cancelled_ = reason == Reason::cancelled;
    cancel_all_but(std::nullopt);
    return false;
  }

  const CancelOthers when_;
  std::list<asio::cancellation_signal> running_;
  std::size_t left_ = 0;
  std::optional<std::size_t> first_;
  std::exception_ptr error_;
  bool waits_ = false;
  bool over_ = false;
  bool cancelled_ = false;
};

Join::Join(CancelOthers when) : state_(std::make_unique<State>(Loop::current(), when)) {}
Join::~Join() = default;
void Join::start(Task<> task) { state_->start(std::move(task)); }
void Join::won_by(std::size_t number) noexcept { state_->won_by(number); }
Task<> Join::wait() { return state_->wait(); }
std::size_t Join::first() const noexcept { return state_->first(); }
std::exception_ptr Join::error() const noexcept { return state_->error(); }

}  // namespace bailey::detail
