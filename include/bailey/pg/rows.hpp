#pragma once

#include <bailey/base/uuid.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

struct pg_result;  // libpq's PGresult

namespace bailey::pg {

// The answer to one statement: rows of text values, or for a command without rows its tag. Owns its memory; views into
// it live as long as it does (moving it keeps them valid). Movable between threads, not shareable while moved.
class Rows {
 public:
  Rows() noexcept = default;
  explicit Rows(pg_result* owned) noexcept : result_(owned) {}

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t columns() const noexcept;
  [[nodiscard]] std::string_view column_name(std::size_t column) const;
  [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const noexcept;
  [[nodiscard]] std::uint32_t column_type(std::size_t column) const;

  // The value in PostgreSQL's text form; nullopt for NULL. Throws Error("no_such_value") out of range.
  [[nodiscard]] std::optional<std::string_view> text(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const { return !text(row, column); }

  // The value as bool, an integer, float, double, std::string, std::string_view (into this), Uuid, or std::optional of
  // these for what may be NULL. Throws Error("unexpected_value") for NULL or a text that is none.
  template <class T>
  [[nodiscard]] T get(std::size_t row, std::size_t column) const {
    const std::optional<std::string_view> value = text(row, column);
    if constexpr (is_optional<T>::value) {
      if (!value) return std::nullopt;
      return from_text<typename T::value_type>(*value);
    } else {
      return from_text<T>(value ? *value : unexpected_null(column));
    }
  }

  // Rows inserted, updated, deleted or selected; 0 for other commands.
  [[nodiscard]] std::uint64_t affected() const noexcept;
  // As the server tells it: "INSERT 0 1", "SELECT 10", "CREATE TABLE".
  [[nodiscard]] std::string_view command_tag() const noexcept;

 private:
  template <class>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};

  template <class T>
  [[nodiscard]] static T from_text(std::string_view text);
  [[nodiscard]] std::string_view unexpected_null(std::size_t column) const;  // throws
  [[noreturn]] static void unexpected_text(std::string_view wanted);
  static std::int64_t to_signed(std::string_view text, std::int64_t least, std::int64_t most);
  static std::uint64_t to_unsigned(std::string_view text, std::uint64_t most);
  static double to_double(std::string_view text);
  static bool to_bool(std::string_view text);
  static Uuid to_uuid(std::string_view text);

  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

template <class T>
T Rows::from_text(std::string_view text) {
  if constexpr (std::same_as<T, std::string_view>) {
    return text;
  } else if constexpr (std::same_as<T, std::string>) {
    return std::string(text);
  } else if constexpr (std::same_as<T, bool>) {
    return to_bool(text);
  } else if constexpr (std::same_as<T, Uuid>) {
    return to_uuid(text);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(to_double(text));
  } else if constexpr (std::signed_integral<T>) {
    return static_cast<T>(to_signed(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else {
    static_assert(std::unsigned_integral<T>, "Rows::get: a bool, a number, a string, a Uuid, or an optional of one");
    return static_cast<T>(to_unsigned(text, std::numeric_limits<T>::max()));
  }
}

}  // namespace bailey::pg
