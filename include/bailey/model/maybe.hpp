#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

// Holds a value, null, or nothing because the member was missing: what a PATCH body needs, where leaving a member out
// ("keep it") differs from null ("clear it"). A default-constructed Maybe is missing. A missing member is not encoded.
template <class T>
class Maybe {
 public:
  using value_type = T;

  Maybe() = default;
  // What makes a T makes a Maybe, as with std::optional: a literal does for Maybe<std::string>.
  template <class U = T>
    requires std::is_constructible_v<T, U> && (!std::same_as<std::remove_cvref_t<U>, Maybe>) &&
                 (!std::same_as<std::remove_cvref_t<U>, std::nullopt_t>)
  explicit(!std::is_convertible_v<U, T>) Maybe(U&& value)  // NOLINT(google-explicit-constructor): a value is a Maybe
      : value_(std::in_place, std::forward<U>(value)), present_(true) {}
  Maybe(std::nullopt_t) : present_(true) {}  // NOLINT: null
  [[nodiscard]] static Maybe null() { return Maybe(std::nullopt); }

  [[nodiscard]] bool is_missing() const noexcept { return !present_; }
  [[nodiscard]] bool is_null() const noexcept { return present_ && !value_; }
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }

  // Give access to the value. Undefined unless has_value().
  [[nodiscard]] const T& operator*() const& { return *value_; }
  [[nodiscard]] T& operator*() & { return *value_; }
  [[nodiscard]] T&& operator*() && { return *std::move(value_); }
  [[nodiscard]] const T* operator->() const { return &*value_; }

  // Returns the value, or throws std::bad_optional_access when missing or null.
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

template <class T>
Maybe(T) -> Maybe<T>;

}  // namespace bailey
