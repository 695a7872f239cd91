#pragma once

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/invalid_text.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>
#include <bailey/model/shape.hpp>
#include <bailey/query/api_request.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// How rows come out of an answer and into a request: the meeting place of C++ types and JSON.
namespace bailey {

// Rows, and how many there are without the limit.
template <class T>
struct Page {
  std::vector<T> rows;
  std::optional<std::int64_t> count;  // a guess when planned or estimated
};

namespace client_detail {

template <class T>
struct RowList {
  using type = std::vector<T>;
};
template <>
struct RowList<json::value> {
  using type = json::array;
};
template <>
struct RowList<void> {
  using type = void;
};
// What a request for rows of T gives.
template <class T>
using RowsOf = typename RowList<T>::type;

template <class V>
inline constexpr bool is_many = std::same_as<V, json::array>;
template <class V>
inline constexpr bool is_many<std::vector<V>> = true;
template <class V>
concept ManyRows = is_many<V>;

// What a write of V gives back.
template <class T, class V>
struct WrittenOf {
  using type = std::conditional_t<is_many<V>, RowsOf<T>, T>;
};
template <class T, class V>
using Written = typename WrittenOf<T, V>::type;

// A successful answer.
struct Reply {
  std::string body;
  std::optional<std::int64_t> count;  // without the limit, when it was asked for
};

// Answers of our own database may be larger and deeper than strangers' bodies; their size is bounded by the transport.
inline constexpr JsonLimits answer_limits{.depth = 256, .size_bytes = SIZE_MAX};

[[nodiscard]] json::value parse_answer(const Reply& reply);  // throws PostgrestError "row_mismatch"
[[noreturn]] void fail_mismatch(std::string_view type, const ValidationErrors& errors);
[[noreturn]] void fail_too_many();
[[noreturn]] std::int64_t fail_uncounted();

template <class R>
R decode_answer(const Reply& reply) {
  Decoded<R> rows = decode_json<R>(reply.body, {}, answer_limits);
  if (!rows) fail_mismatch(type_name<R>, rows.error());
  return *std::move(rows);
}

// One specialisation for each kind of result.
template <class R>
struct Taker {  // one row
  static R take(Reply&& reply) { return decode_answer<R>(reply); }
};
template <>
struct Taker<void> {
  static void take(Reply&&) {}
};
template <>
struct Taker<json::value> {
  static json::value take(Reply&& reply) { return parse_answer(reply); }
};
template <>
struct Taker<json::array> {
  static json::array take(Reply&& reply);
};
template <class T>
struct Taker<std::optional<T>> {
  static std::optional<T> take(Reply&& reply) {
    RowsOf<T> rows = Taker<RowsOf<T>>::take(std::move(reply));
    if (rows.size() > 1) fail_too_many();
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }
};
template <class T>
struct Taker<Page<T>> {
  static Page<T> take(Reply&& reply) {
    const std::optional<std::int64_t> count = reply.count;
    return Page<T>{decode_answer<std::vector<T>>(reply), count};
  }
};

// A row that is read as a single value: anything but an aggregate, whose members are its columns, and what takes any
// object.
template <class T>
concept ScalarRow = !std::is_void_v<T> && shape_of<T> != Shape::model && shape_of<T> != Shape::map &&
                    shape_of<T> != Shape::json_value && shape_of<T> != Shape::json_object;

// The rows of an answer, or its one row, each with the value of its one column alone.
[[nodiscard]] json::array take_rows(json::value answer);            // throws PostgrestError "row_mismatch"
[[nodiscard]] const json::value& value_in(const json::value& row);  // likewise
[[nodiscard]] Location location_in(const json::value& row, std::optional<std::int64_t> index);  // of that value

template <class T>
T scalar_in(const json::value& row, std::optional<std::int64_t> index = {}) {
  Decoded<T> value = decode<T>(value_in(row));
  if (value) return *std::move(value);
  fail_mismatch(type_name<T>, decode<T>(value_in(row), location_in(row, index)).error());
}

template <class T>
struct ScalarTaker {
  static T take(Reply&& reply) { return scalar_in<T>(parse_answer(reply)); }
};
template <class T>
struct ScalarListTaker {
  static std::vector<T> take(Reply&& reply) {
    const json::array rows = take_rows(parse_answer(reply));
    std::vector<T> values;
    values.reserve(rows.size());
    for (const json::value& row : rows) values.push_back(scalar_in<T>(row, static_cast<std::int64_t>(values.size())));
    return values;
  }
};
template <class T>
struct OptionalScalarTaker {
  static std::optional<T> take(Reply&& reply) {
    std::vector<T> values = ScalarListTaker<T>::take(std::move(reply));
    if (values.size() > 1) fail_too_many();
    if (values.empty()) return std::nullopt;
    return std::move(values.front());
  }
};
template <class T>
struct ScalarPageTaker {
  static Page<T> take(Reply&& reply) {
    const std::optional<std::int64_t> count = reply.count;
    return Page<T>{ScalarListTaker<T>::take(std::move(reply)), count};
  }
};

// What makes a result of an answer, where its type alone does not say so.
struct CsvTaker {
  static std::string take(Reply&& reply) { return std::move(reply.body); }
};
struct CountTaker {
  static std::int64_t take(Reply&& reply) { return reply.count ? *reply.count : fail_uncounted(); }
};

// How a Select<T> takes its rows, its one row, the row there may be, and a page of them.
template <class T>
struct TakersOf {
  using Many = Taker<RowsOf<T>>;
  using One = Taker<T>;
  using Optional = Taker<std::optional<T>>;
  using Counted = Taker<Page<T>>;
};
template <ScalarRow T>
struct TakersOf<T> {
  using Many = ScalarListTaker<T>;
  using One = ScalarTaker<T>;
  using Optional = OptionalScalarTaker<T>;
  using Counted = ScalarPageTaker<T>;
};

// The columns that fill a T; nullopt for void, empty (all there are) for json::value.
template <class T>
std::optional<std::vector<query::SelectItem>> columns_of() {
  if constexpr (std::is_void_v<T>) {
    return std::nullopt;
  } else if constexpr (std::same_as<T, json::value>) {
    return std::vector<query::SelectItem>{};
  } else {
    static_assert(!ScalarRow<T>,
                  "A single value is read of a column that is named: select<std::string>(\"full_name\").");
    static_assert(Model<T>, "Rows are read as a plain aggregate whose members are the columns, or as json::value.");
    std::vector<query::SelectItem> columns;
    columns.reserve(wire_names<T>.size());
    for (const std::string_view name : wire_names<T>)
      columns.emplace_back(query::Column{.field = {.name = std::string(name), .path = {}}, .alias = {}, .cast = {}});
    return columns;
  }
}

// Throws PostgrestError "PGRST100".
[[nodiscard]] std::vector<query::SelectItem> parse_columns(std::string_view columns);
// The same; any other number of columns than one is "misuse".
[[nodiscard]] std::vector<query::SelectItem> parse_one_column(std::string_view columns);

struct Payload {
  std::string json;
  std::vector<std::string> columns;  // the keys to use, when rows may differ in them; empty: those of the first row
};

[[nodiscard]] bool has_replacement(std::string_view text);       // U+FFFD
void refuse_invalid_text(const std::optional<Location>& found);  // throws PostgrestError "22021"

// JSON that says what the value says: text that is not UTF-8 throws PostgrestError "22021" with its place in `details`.
template <class V>
std::string encode_exactly(const V& value) {
  std::string text = encode(value);
  if (has_replacement(text)) refuse_invalid_text(find_invalid_text(value));  // or it was there from the beginning
  return text;
}

[[nodiscard]] Payload payload_of(const json::object& row);
[[nodiscard]] Payload payload_of(const json::array& rows);
[[nodiscard]] Payload payload_of(const std::vector<json::object>& rows);

template <class V>
Payload payload_of(const V& row) {
  static_assert(Model<V>, "Rows are written from an aggregate, json::object, a vector of them, or json::array.");
  static_assert(!bailey::detail::holds_secret<V>,
                "A Secret is encoded as asterisks and would be stored so: make the member a std::string.");
  return {encode_exactly(row), {}};
}
// The members that any of the rows has: a Maybe that all leave out is left out.
template <class V>
std::vector<std::string> columns_of(const std::vector<V>& rows) {
  std::vector<bool> present(wire_names<V>.size(), false);
  for (const V& row : rows) {
    for_each_member(row, [&]<std::size_t I>(const auto& member) {
      if constexpr (shape_of<std::remove_cvref_t<decltype(member)>> == Shape::maybe) {
        if (member.is_missing()) return;
      }
      present[I] = true;
    });
  }
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < present.size(); ++i)
    if (present[i]) columns.emplace_back(wire_names<V>[i]);
  return columns;
}

template <class V>
Payload payload_of(const std::vector<V>& rows) {
  static_assert(Model<V>, "Rows are written from an aggregate, json::object, a vector of them, or json::array.");
  static_assert(!bailey::detail::holds_secret<V>,
                "A Secret is encoded as asterisks and would be stored so: make the member a std::string.");
  return {encode_exactly(rows), columns_of(rows)};
}

}  // namespace client_detail

}  // namespace bailey
