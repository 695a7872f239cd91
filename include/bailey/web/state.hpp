#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/model/owned.hpp>
#include <bailey/supabase/identity.hpp>
#include <bailey/supabase/supabase.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace bailey {

// What is known about one request beyond its bytes: who makes it, and whatever middleware leaves for handlers.
//
// The identity is set once, by the guard, and cannot be replaced: a second attempt throws. Handlers see the state as
// const and cannot set it at all. It lives as long as the request; nothing of it survives into the connection's next.
class State {
 public:
  // Whether a guard admitted somebody.
  [[nodiscard]] bool has_identity() const noexcept { return identity_.has_value(); }

  // Who makes the request. Throws HttpError 401 when no guard ran for it.
  [[nodiscard]] const Identity& identity() const;
  // The user's id. Throws HttpError 401 when there is no identity or it is not a user's.
  [[nodiscard]] Uuid user_id() const;
  // The client that acts as the identity. Throws HttpError 401 when no guard ran.
  [[nodiscard]] const Supabase& supabase() const;

  // For guards. Throws Error "identity_already_set" when there is one: whom a request is made by does not change.
  // `supabase` is the client whose transport is used; what is kept is `supabase.as(identity)`.
  void set_identity(Identity identity, const Supabase& supabase);
  // The same without a client, for guards that do not come with one.
  void set_identity(Identity identity);

  // Typed slots for middleware: one value a type. `set` replaces; the reference is valid until the request ends. What
  // is set must own what it says: a view, a pointer and what holds one are refused.
  template <class T>
  T& set(T value) {
    static_assert(!detail::holds_view<T>(),
                  "the state keeps a value until the request ends, longer than what a view looks at may live: keep a "
                  "std::string, a std::vector or a struct of them; what others own, as a std::shared_ptr");
    for (Slot& slot : slots_) {
      if (slot.key == &key<T>) {
        slot = Slot(std::move(value));
        return *static_cast<T*>(slot.object.get());
      }
    }
    return *static_cast<T*>(slots_.emplace_back(std::move(value)).object.get());
  }
  // The value of that type, or null when nobody set one.
  template <class T>
  [[nodiscard]] T* get() noexcept {
    for (Slot& slot : slots_) {
      if (slot.key == &key<T>) return static_cast<T*>(slot.object.get());
    }
    return nullptr;
  }
  template <class T>
  [[nodiscard]] const T* get() const noexcept {
    for (const Slot& slot : slots_) {
      if (slot.key == &key<T>) return static_cast<const T*>(slot.object.get());
    }
    return nullptr;
  }

  // Forgets everything; the memory is kept for the connection's next request.
  void reset() noexcept;

 private:
  template <class T>
  static constexpr char key = 0;  // its address tells types apart

  struct Slot {
    template <class T>
    explicit Slot(T value)
        : key(&State::key<T>), object(new T(std::move(value)), [](void* held) { delete static_cast<T*>(held); }) {}
    const char* key;
    std::unique_ptr<void, void (*)(void*)> object;
  };

  std::optional<Identity> identity_;
  std::optional<Supabase> supabase_;
  std::vector<Slot> slots_;
};

}  // namespace bailey
