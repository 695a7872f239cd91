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
// The values are let go when the LoopLocal is destroyed (each by its own loop, in a later turn of it) or when their
// loop is, the latest made first, whichever comes first. So a value may outlive the LoopLocal and what holds it, and
// must own what it needs of that.
template <class T>
class LoopLocal {
 public:
  // This loop's value, made by `make`, which returns a std::unique_ptr<T>, when it is first asked for. On a loop's
  // thread; throws Error("no_loop") elsewhere, and what `make` throws. The reference is good until the value is let go.
  template <class Factory>
  [[nodiscard]] T& get(Factory&& make) {
    Loop& loop = Loop::current();
    if (void* const kept = loop.find_local(key_.number())) return *static_cast<T*>(kept);
    std::unique_ptr<T> made = std::forward<Factory>(make)();
    T& value = *made;
    loop.locals_.push_back({key_.number(), {made.get(), [](void* object) { delete static_cast<T*>(object); }}});
    static_cast<void>(made.release());
    key_.kept_by(loop);
    return value;
  }
  // The same for what needs nothing to be made of.
  [[nodiscard]] T& get()
    requires std::default_initializable<T>
  {
    return get([] { return std::make_unique<T>(); });
  }

 private:
  detail::LoopLocalKey key_;
};

}  // namespace bailey
