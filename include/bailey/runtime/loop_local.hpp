#pragma once

#include <bailey/runtime/loop.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace bailey {

namespace detail {

// What the loops know a LoopLocal by: a number that is never used again.
class LoopLocalKey {
 public:
  LoopLocalKey();
  ~LoopLocalKey();
  LoopLocalKey(const LoopLocalKey&) = delete;
  LoopLocalKey& operator=(const LoopLocalKey&) = delete;

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  // That this loop keeps something under the key. On that loop.
  void kept_by(const Loop& loop);

 private:
  const std::uint64_t number_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<LoopAddress>> loops_;
};

}  // namespace detail

// A value of type T for each loop that asks: a connection pool, a cache, a buffer. So a shareable handle needs no lock:
//
//   class Client {
//     LoopLocal<Connections> connections_;                                   // a member of what its users share
//     … connections_.get([&] { return std::make_unique<Connections>(…); }) … // on any loop: that loop's own
//   };
//
// A value is destroyed on its own loop: in a later turn when the LoopLocal is destroyed, or when the loop ends, the
// latest made first, whichever comes first. So it may outlive the LoopLocal and what holds that: it must own what it
// uses.
template <class T>
class LoopLocal {
 public:
  // This loop's value. The first call on a loop makes it by `make`, which returns a std::unique_ptr<T>. The reference
  // is valid until the value is destroyed. Where `make` itself calls `get`, the value of that inner call stays, and
  // what `make` returns is dropped. Throws Error "no_loop" outside of a loop, and what `make` throws.
  template <class Factory>
  [[nodiscard]] T& get(Factory&& make) {
    Loop& loop = Loop::current();
    if (void* const kept = loop.find_local(key_.number())) return *static_cast<T*>(kept);
    std::unique_ptr<T> made = std::forward<Factory>(make)();
    if (void* const kept = loop.find_local(key_.number())) return *static_cast<T*>(kept);  // made meanwhile, by `make`
    T& value = *made;
    loop.locals_.push_back({key_.number(), {made.get(), [](void* object) { delete static_cast<T*>(object); }}});
    static_cast<void>(made.release());
    key_.kept_by(loop);
    return value;
  }
  // The same, made by the default constructor.
  [[nodiscard]] T& get()
    requires std::default_initializable<T>
  {
    return get([] { return std::make_unique<T>(); });
  }

 private:
  detail::LoopLocalKey key_;
};

}  // namespace bailey
