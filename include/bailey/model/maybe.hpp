#pragma once

#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

// A member that may be missing, null or a value: what a PATCH body needs, where leaving a member out ("keep it")
// differs from null ("clear it"). Missing members are not encoded.
template <class T>
class Maybe {
 public:
  using value_type = T;

  Maybe() = default;
  Maybe(T value) : value_(std::move(value)), present_(true) {}  // NOLINT: a value is a Maybe
  Maybe(std::nullopt_t) : present_(true) {}                     // NOLINT: null
  [[nodiscard]] static Maybe null() { return Maybe(std::nullopt); }

  [[nodiscard]] bool is_missing() const noexcept { return !present_; }
  [[nodiscard]] bool is_null() const noexcept { return present_ && !value_; }
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }

  // Only when has_value().
  [[nodiscard]] const T& operator*() const& { return *value_; }
  [[nodiscard]] T& operator*() & { return *value_; }
  [[nodiscard]] T&& operator*() && { return *std::move(value_); }
  [[nodiscard]] const T* operator->() const { return &*value_; }

  // The value; throws std::bad_optional_access when missing or null.
  [[nodiscard]] const T& value() const { return value_.value(); }
  template <class U>
  [[nodiscard]] T value_or(U&& other) const {
    return value_.value_or(std::forward<U>(other));
  }

  friend bool operator==(const Maybe&, const Maybe&) = default;

 private:
  std::optional<T> value_;
  bool present_ = false;
};

}  // namespace bailey
