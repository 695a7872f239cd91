#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/owned.hpp>
#include <bailey/model/reflect.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

struct pg_result;  // libpq's PGresult

namespace bailey::pg {

// Rows that do not fit the type they are read as: Error("row_mismatch", 500).
class RowMismatch : public Error {
 public:
  RowMismatch(std::string message, std::string details)
      : Error("row_mismatch", std::move(message), 500), details_(std::move(details)) {}

  // Which row, the first being 0, which column, and why: "3.full_name: Field required". The first five.
  [[nodiscard]] const std::string& details() const noexcept { return details_; }
  [[nodiscard]] std::string log_details() const override { return details_; }

 private:
  std::string details_;
};

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

  // The rows as aggregates whose members are the columns, by name, read as the client reads those of `select<T>`: a
  // member without a column must have a default or be an optional or Maybe, a column without a member is passed over.
  //   auto cards = (co_await database.run("select id, full_name from cards")).as<Card>();
  // Throws RowMismatch when they do not fit, or when two columns have one name.
  template <class T>
  [[nodiscard]] std::vector<T> as() const {
    static_assert(Model<T>, "Rows are read as a plain aggregate whose members are the columns; get() reads one value.");
    static_assert(!bailey::detail::holds_view<T>(),
                  "What is read must own what it holds: the text of the rows it would look at is gone.");
    refuse_columns_of_one_name();
    Decoded<std::vector<T>> rows = decode_json<std::vector<T>>(to_json(), {}, {.depth = 256, .size_bytes = SIZE_MAX});
    if (!rows) fail_mismatch(type_name<T>, rows.error());
    return *std::move(rows);
  }
  // An array of objects, the values as PostgreSQL's to_json() writes them, but of types it does not come with (their
  // arrays, domains over arrays, composite types): these are strings of their text.
  [[nodiscard]] std::string to_json() const;

  // Rows inserted, updated, deleted or selected; 0 for other commands.
  [[nodiscard]] std::uint64_t affected() const noexcept;
  // As the server tells it: "INSERT 0 1", "SELECT 10", "CREATE TABLE".
  [[nodiscard]] std::string_view command_tag() const noexcept;

 private:
  template <class>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};

  void refuse_columns_of_one_name() const;
  [[noreturn]] static void fail_mismatch(std::string_view type, const ValidationErrors& errors);

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
