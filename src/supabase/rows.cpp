#include <bailey/query/parse.hpp>
#include <bailey/supabase/postgrest_error.hpp>
#include <bailey/supabase/rows.hpp>

#include "model/error_text.hpp"
#include "supabase/query_error.hpp"

#include <unordered_set>
#include <utility>
#include <variant>

namespace bailey::client_detail {

namespace {

// The keys of all rows in the order they are first seen: with them named, rows may differ in which they have.
class KeyUnion {
 public:
  void add(const json::object& row) {
    for (const auto& member : row) {
      if (seen_.insert(member.key()).second) keys_.emplace_back(member.key());
    }
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(keys_); }

 private:
  std::unordered_set<std::string_view> seen_;  // into the rows, which outlive this
  std::vector<std::string> keys_;
};

}  // namespace

void fail_mismatch(std::string_view type, const ValidationErrors& errors) {
  throw PostgrestError("row_mismatch", "The rows of the answer do not fit " + std::string(type) + ".", 500,
                       bailey::detail::error_text(errors));
}

void fail_too_many() {
  throw PostgrestError("PGRST116", "Cannot coerce the result to a single JSON object", 406,
                       "The result contains more than one row");
}

std::int64_t fail_uncounted() {
  throw PostgrestError("row_mismatch", "The answer does not say how many rows there are.", 500);
}

json::value parse_answer(const Reply& reply) {
  auto parsed = try_parse_json(reply.body, answer_limits);
  if (!parsed)
    throw PostgrestError("row_mismatch", "The answer is not JSON.", 500,
                         parsed.error().reason + " at byte " + std::to_string(parsed.error().offset));
  return *std::move(parsed);
}

json::array take_rows(json::value answer) {
  if (!answer.is_array()) throw PostgrestError("row_mismatch", "The answer is not an array of rows.", 500);
  return std::move(answer.get_array());
}

json::array Taker<json::array>::take(Reply&& reply) { return take_rows(parse_answer(reply)); }

const json::value& value_in(const json::value& row) {
  if (!row.is_object() || row.get_object().size() != 1)
    throw PostgrestError("row_mismatch", "A row of the answer is not of one column.", 500);
  return row.get_object().begin()->value();
}

Location location_in(const json::value& row, std::optional<std::int64_t> index) {
  Location location;
  if (index) location.emplace_back(*index);
  location.emplace_back(std::string(row.get_object().begin()->key()));
  return location;
}

std::vector<query::SelectItem> parse_columns(std::string_view columns) {
  if (columns == "*") return {};  // the same, and shorter to send
  return value_or_throw(query::parse_select(columns));
}

std::vector<query::SelectItem> parse_one_column(std::string_view columns) {
  auto items = parse_columns(columns);
  if (items.size() != 1 || !std::holds_alternative<query::Column>(items.front()))
    throw PostgrestError("misuse", "A row that is read as a single value has one column, and it is named.", 500);
  return items;
}

bool has_replacement(std::string_view text) { return text.contains("\uFFFD"); }

void refuse_invalid_text(const std::optional<Location>& found) {
  if (found) throw not_utf8(bailey::detail::location_text(*found));
}

Payload payload_of(const json::object& row) { return {encode_exactly(row), {}}; }

Payload payload_of(const json::array& rows) {
  KeyUnion keys;
  for (const json::value& row : rows) {
    if (const json::object* object = row.if_object()) keys.add(*object);
  }
  return {encode_exactly(rows), keys.take()};
}

Payload payload_of(const std::vector<json::object>& rows) {
  KeyUnion keys;
  for (const json::object& row : rows) keys.add(row);
  return {encode_exactly(rows), keys.take()};
}

}  // namespace bailey::client_detail
