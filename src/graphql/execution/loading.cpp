#include <bailey/graphql/detail/loading.hpp>

#include <bailey/graphql/detail/run.hpp>
#include <graphql/execution/execution.hpp>

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace bailey::graphql::detail {

// A task that waits for the entry. All is on one loop, so that who takes it out of the queue has decided.
class EntryBase::EntryWaiter final : public bailey::detail::Waiter {
 public:
  EntryWaiter(Loop& loop, bailey::detail::WaiterQueue& queue) : Waiter(loop), queue_(queue) { queue_.push_back(*this); }
  ~EntryWaiter() override {
    if (in != nullptr) queue_.remove(*this);
  }
  EntryWaiter(const EntryWaiter&) = delete;
  EntryWaiter& operator=(const EntryWaiter&) = delete;
  [[nodiscard]] bool is_cancelled() const noexcept { return is_cancelled_; }

 private:
  bool withdraw(Reason) noexcept override {
    if (in == nullptr) return false;
    queue_.remove(*this);
    is_cancelled_ = true;
    return true;
  }

  bailey::detail::WaiterQueue& queue_;
  bool is_cancelled_ = false;
};

Task<> EntryBase::wait() {
  if (!is_settled_) {
    EntryWaiter waiter(Loop::current(), waiters_);
    co_await waiter.wait();
    if (waiter.is_cancelled()) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }
  throw_if_failed();
}

void EntryBase::settle() {
  is_settled_ = true;
  while (auto* const waiter = waiters_.pop_front()) waiter->settle_later();
  Waiting* waiting = std::exchange(first_, nullptr);
  last_ = &first_;
  while (waiting != nullptr) {
    Waiting& one = *std::exchange(waiting, waiting->next);
    one.go_on(one);
  }
}

LoaderBase& Loading::loader(web_detail::TypeKey key) {
  for (const auto& [known, loader] : loaders_)
    if (known == key) return *loader;
  // The schema has been checked to have it.
  const auto& codes = run_.execution().input().schema.loaders;
  const auto code = std::ranges::find_if(codes, [&](const auto& each) { return each->key() == key; });
  return *loaders_.emplace_back(key, (*code)->make(*this)).second;
}

void Loading::ask() {
  ++asked_;
  if (!std::exchange(is_waiting_, true)) start(start_when_idle());
}

void Loading::start(Task<> task) { run_.start(std::move(task)); }

Task<> Loading::start_when_idle() {
  std::size_t before = 0;
  do {
    before = asked_;
    co_await boost::asio::post(Loop::current().executor(), use_task);
  } while (asked_ != before);
  is_waiting_ = false;
  // A batch may begin to load at once, and ask for more of another loader: that waits for its own turn.
  for (std::size_t i = 0; i < loaders_.size(); ++i) loaders_[i].second->start_batches();
}

std::exception_ptr value_is_missing() {
  return std::make_exception_ptr(
      Error("loader_value_missing", "the batch function of a loader has no value for a key"));
}

void refuse_batch(std::size_t keys, std::size_t values) {
  throw Error("loader_size", "the batch function of a loader has returned " + std::to_string(values) + " values for " +
                                 std::to_string(keys) + " keys");
}

}  // namespace bailey::graphql::detail
