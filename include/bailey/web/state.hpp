#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/model/owned.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace bailey {

namespace web_detail {

// What tells types apart without their names: the address of something that there is once a type.
using TypeKey = const char*;
template <class T>
inline constexpr char type_tag = 0;
template <class T>
inline constexpr TypeKey type_key = &type_tag<T>;

}  // namespace web_detail

// What is known about one request beyond its bytes: who makes it, and whatever middleware leaves for handlers.
//
// Who makes it is said once, by the guard, and cannot be changed: a second attempt throws. Handlers see the state as
// const and can change nothing. It lives as long as the request; nothing of it survives into the connection's next.
class State {
 public:
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { reset(); }

  // Whether a guard admitted somebody.
  [[nodiscard]] bool has_identity() const noexcept { return has_identity_; }
  // The user's id. Throws HttpError 401 when there is no identity or it is not a user's.
  [[nodiscard]] Uuid user_id() const;
  // The same without an error: nullopt when there is no identity or it is not a user's.
  [[nodiscard]] const std::optional<Uuid>& known_user_id() const noexcept { return user_id_; }

  // For guards: somebody makes the request, the user of that id or, with nullopt, somebody who is no user. Throws Error
  // "identity_already_set" when it has been said before. What else is known of them goes into a slot.
  void set_identity(std::optional<Uuid> user_id);

  // Typed slots for middleware: one value a type. `set` replaces; the reference is valid until the request ends, or the
  // value is replaced. What is set must own what it says: a view, a pointer and what holds one are refused. A type
  // whose slot nobody else may fill or replace is one that nobody else can name.
  template <class T>
  T& set(T value) {
    static_assert(!detail::holds_view<T>(),
                  "the state keeps a value until the request ends, longer than what a view looks at may live: keep a "
                  "std::string, a std::vector or a struct of them; what others own, as a std::shared_ptr");
    auto slot = std::ranges::find(slots_, web_detail::type_key<T>, &Slot::key);
    if (slot == slots_.end()) slot = slots_.emplace(slot, Slot::of<T>());
    slot->clear();
    T* const kept = ::new (slot->memory.get()) T(std::move(value));
    slot->value = kept;
    return *kept;
  }
  // The value of that type, or null when nobody set one.
  template <class T>
  [[nodiscard]] T* get() noexcept {
    return static_cast<T*>(find(web_detail::type_key<T>));
  }
  template <class T>
  [[nodiscard]] const T* get() const noexcept {
    return static_cast<const T*>(find(web_detail::type_key<T>));
  }

  // Forgets everything; the memory is kept for the connection's next request.
  void reset() noexcept;

 private:
  // A place for one value. It outlives the value, so that what each request sets costs no allocation.
  struct Slot {
    template <class T>
    static Slot of() {
      constexpr std::align_val_t alignment{alignof(T)};
      return {
          .key = web_detail::type_key<T>,
          .memory = {::operator new(sizeof(T), alignment), [](void* memory) { ::operator delete(memory, alignment); }},
          .destroy = [](void* value) noexcept { static_cast<T*>(value)->~T(); }};
    }
    void clear() noexcept {
      if (void* const last = std::exchange(value, nullptr)) destroy(last);
    }

    web_detail::TypeKey key;
    std::unique_ptr<void, void (*)(void*)> memory;
    void (*destroy)(void*) noexcept;
    void* value = nullptr;  // in the memory; null when nothing is set
  };

  [[nodiscard]] void* find(web_detail::TypeKey wanted) const noexcept {
    const auto slot = std::ranges::find(slots_, wanted, &Slot::key);
    return slot == slots_.end() ? nullptr : slot->value;
  }

  bool has_identity_ = false;
  std::optional<Uuid> user_id_;
  std::vector<Slot> slots_;
};

}  // namespace bailey
