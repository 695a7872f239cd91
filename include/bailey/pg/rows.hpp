#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/uuid.hpp>
#include <bailey/model/decode.hpp>
#include <bailey/model/owned.hpp>
#include <bailey/model/shape.hpp>

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
      : Error("row_mismatch", std::move(message), 500, {500, false}, std::move(details)) {}

  // Which row, the first being 0, which column, and why: "3.full_name: Field required". The first five.
  [[nodiscard]] const std::string& details() const noexcept { return log_details(); }
};

// The answer to one statement: rows of text values, or for a command without rows its tag. It owns its memory; the
// views it gives are valid as long as it is, and stay so when it is moved. Any thread may have it, one at a time.
class Rows {
 public:
  Rows() noexcept = default;
  // For the module's own sources: takes the result over.
  explicit Rows(pg_result* owned) noexcept : result_(owned) {}

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t columns() const noexcept;
  [[nodiscard]] std::string_view column_name(std::size_t column) const;
  [[nodiscard]] std::optional<std::size_t> column_index(std::string_view name) const noexcept;
  [[nodiscard]] std::uint32_t column_type(std::size_t column) const;  // pg_type.oid

  // The value in PostgreSQL's text form; nullopt for NULL. Throws Error "no_such_value" when there is no such row or
  // column.
  [[nodiscard]] std::optional<std::string_view> text(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const { return !text(row, column); }

  // The value as a bool, an integer, a float or double, a std::string, a std::string_view into this, a Uuid, or a
  // std::optional of one, which is empty for NULL. Throws Error "unexpected_value" for a NULL that T cannot hold, and
  // for a value that is not a T.
  template <class T>
  [[nodiscard]] T get(std::size_t row, std::size_t column) const {
    const std::optional<std::string_view> value = text(row, column);
    if constexpr (shape_of<T> == Shape::optional) {
      static_assert(std::same_as<T, std::optional<ElementOf<T>>>,
                    "Rows::get gives what may be NULL as a std::optional.");
      if (!value) return std::nullopt;
      return from_text<ElementOf<T>>(*value);
    } else {
      return from_text<T>(value ? *value : unexpected_null(column));
    }
  }

  // The rows as aggregates whose members are the columns, by name, as `select<T>` of the client reads them. A column
  // without a member is ignored; a member without a column must be an optional or a Maybe, or have the rule
  // `defaulted`.
  //   auto cards = (co_await database.run("select id, full_name from cards")).as<Card>();
  // Throws RowMismatch when they do not fit, or when two columns have one name.
  template <class T>
  [[nodiscard]] std::vector<T> as() const {
    static_assert(shape_of<T> == Shape::model,
                  "Rows are read as a plain aggregate whose members are the columns; get() reads one value.");
    static_assert(!bailey::detail::holds_view<T>(),
                  "What is read must own what it holds: the text of the rows it would look at is gone.");
    refuse_columns_of_one_name();
    Decoded<std::vector<T>> rows = decode_json<std::vector<T>>(to_json(), {}, {.depth = 256, .size_bytes = SIZE_MAX});
    if (!rows) fail_mismatch(type_name<T>, rows.error());
    return *std::move(rows);
  }
  // The rows as a JSON array of objects, with the values as PostgreSQL's to_json() writes them. Values of types that
  // are not built into PostgreSQL, of arrays of those, of domains over arrays and of composite types are strings of
  // their text instead.
  [[nodiscard]] std::string to_json() const;

  // Rows inserted, updated, deleted or selected; 0 for other commands.
  [[nodiscard]] std::uint64_t affected() const noexcept;
  // As the server tells it: "INSERT 0 1", "SELECT 10", "CREATE TABLE".
  [[nodiscard]] std::string_view command_tag() const noexcept;

 private:
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
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::text) {
    return T(text);
  } else if constexpr (shape == Shape::boolean) {
    return to_bool(text);
  } else if constexpr (shape == Shape::uuid) {
    return to_uuid(text);
  } else if constexpr (shape == Shape::real) {
    return static_cast<T>(to_double(text));
  } else if constexpr (shape == Shape::integer && std::is_signed_v<T>) {
    return static_cast<T>(to_signed(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else {
    static_assert(shape == Shape::integer,
                  "Rows::get gives a bool, an integer, a float or double, text, a Uuid, or a std::optional of one.");
    return static_cast<T>(to_unsigned(text, std::numeric_limits<T>::max()));
  }
}

}  // namespace bailey::pg
