#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/waiter.hpp>
#include <bailey/web/injection.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace bailey::graphql::detail {

class Run;
class Loading;

// A value that is loaded, and who waits for it. On one loop.
class EntryBase {
 public:
  // What goes on once an entry is settled, in memory of whoever waits.
  struct Waiting {
    void (*go_on)(Waiting& self) = nullptr;
    Waiting* next = nullptr;
  };

  EntryBase() = default;
  EntryBase(const EntryBase&) = delete;
  EntryBase& operator=(const EntryBase&) = delete;

  [[nodiscard]] bool is_settled() const noexcept { return is_settled_; }
  // Calls what waits when it is settled, which it is not, in the order in which they came.
  void then(Waiting& waiting) noexcept {
    *last_ = &waiting;
    last_ = &waiting.next;
  }
  // Goes on when it is settled. Cancelling the task ends it with boost::system::system_error (operation_aborted).
  [[nodiscard]] Task<> wait();

  void fail(std::exception_ptr error) {
    error_ = std::move(error);
    settle();
  }

 protected:
  ~EntryBase() = default;
  void settle();
  void throw_if_failed() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  class EntryWaiter;

  bool is_settled_ = false;
  std::exception_ptr error_;
  Waiting* first_ = nullptr;
  Waiting** last_ = &first_;
  bailey::detail::WaiterQueue waiters_;
};

template <class V>
class LoadedEntry final : public EntryBase {
 public:
  void succeed(V value) {
    value_.emplace(std::move(value));
    settle();
  }
  // Of one that is settled. Throws what it has failed with.
  [[nodiscard]] const V& value() const {
    throw_if_failed();
    return *value_;
  }

 private:
  std::optional<V> value_;
};

// A loader of an operation, with its types erased.
class LoaderBase {
 public:
  LoaderBase() = default;
  virtual ~LoaderBase() = default;
  LoaderBase(const LoaderBase&) = delete;
  LoaderBase& operator=(const LoaderBase&) = delete;

  // Loads what has been asked for since the last time.
  virtual void start_batches() = 0;
};

// How a schema makes a loader for an operation.
class LoaderCode {
 public:
  LoaderCode() = default;
  virtual ~LoaderCode() = default;
  LoaderCode(const LoaderCode&) = delete;
  LoaderCode& operator=(const LoaderCode&) = delete;

  [[nodiscard]] virtual web_detail::TypeKey key() const noexcept = 0;
  [[nodiscard]] virtual std::string_view type() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<LoaderBase> make(Loading& loading) const = 0;
  [[nodiscard]] virtual std::span<const web_detail::Need> needs() const noexcept = 0;
  virtual void describe(RouteInfo& route) const = 0;

  std::size_t first_need = 0;  // its place among the dependencies of all fields and loaders
  std::size_t max_size = 0;    // of a batch; 0: no bound
};

// A loader that a resolver takes.
struct LoaderNeed {
  web_detail::TypeKey key = nullptr;
  std::string_view type{};
};

// The batch function of a loader.
template <class K, class V>
class BatchCode : public LoaderCode {
 public:
  // Settles every entry, or throws for all that are not.
  [[nodiscard]] virtual Task<> load(Run& run, std::vector<K> keys,
                                    std::span<const std::shared_ptr<LoadedEntry<V>>> entries) const = 0;
};

// The loaders of one operation. Batches start in a turn of the loop before which a whole turn has passed in which
// nothing more was asked for: every resolver that could run has run.
class Loading {
 public:
  explicit Loading(Run& run) noexcept : run_(run) {}
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  [[nodiscard]] Run& run() noexcept { return run_; }
  [[nodiscard]] LoaderBase& loader(web_detail::TypeKey key);

  // For a loader: that it has something to load.
  void ask();
  void start(Task<> task);

 private:
  Task<> start_when_idle();

  Run& run_;
  std::vector<std::pair<web_detail::TypeKey, std::unique_ptr<LoaderBase>>> loaders_;
  std::size_t asked_ = 0;
  bool is_waiting_ = false;
};

// "The batch function of the loader has no value for a key".
[[nodiscard]] std::exception_ptr value_is_missing();
[[noreturn]] void refuse_batch(std::size_t keys, std::size_t values);

}  // namespace bailey::graphql::detail
