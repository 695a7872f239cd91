#include <bailey/pg/rows.hpp>

#include <bailey/base/error.hpp>

#include <libpq-fe.h>

#include <charconv>

namespace bailey::pg {
namespace {

template <class Number>
Number parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw Error("unexpected_value", "A value from the database is not a number of the wanted kind.", 500);
  return number;
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const noexcept { PQclear(result); }

std::size_t Rows::size() const noexcept { return result_ ? static_cast<std::size_t>(PQntuples(result_.get())) : 0; }

std::size_t Rows::columns() const noexcept { return result_ ? static_cast<std::size_t>(PQnfields(result_.get())) : 0; }

std::string_view Rows::column_name(std::size_t column) const {
  if (column >= columns()) throw Error("no_such_value", "The result has no such column.", 500);
  return PQfname(result_.get(), static_cast<int>(column));
}

std::optional<std::size_t> Rows::column_index(std::string_view name) const noexcept {
  for (std::size_t column = 0; column < columns(); ++column)
    if (name == PQfname(result_.get(), static_cast<int>(column))) return column;
  return std::nullopt;
}

std::uint32_t Rows::column_type(std::size_t column) const {
  if (column >= columns()) throw Error("no_such_value", "The result has no such column.", 500);
  return PQftype(result_.get(), static_cast<int>(column));
}

std::optional<std::string_view> Rows::text(std::size_t row, std::size_t column) const {
  if (row >= size() || column >= columns()) throw Error("no_such_value", "The result has no such row or column.", 500);
  const int at_row = static_cast<int>(row);
  const int at_column = static_cast<int>(column);
  if (PQgetisnull(result_.get(), at_row, at_column) != 0) return std::nullopt;
  return std::string_view(PQgetvalue(result_.get(), at_row, at_column),
                          static_cast<std::size_t>(PQgetlength(result_.get(), at_row, at_column)));
}

std::uint64_t Rows::affected() const noexcept {
  if (!result_) return 0;
  const std::string_view text = PQcmdTuples(result_.get());
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string_view Rows::command_tag() const noexcept {
  return result_ ? std::string_view(PQcmdStatus(result_.get())) : std::string_view();
}

std::string_view Rows::unexpected_null(std::size_t column) const {
  throw Error("unexpected_value", "The database's column \"" + std::string(column_name(column)) + "\" is NULL.", 500);
}

void Rows::unexpected_text(std::string_view wanted) {
  throw Error("unexpected_value", "A value from the database is no " + std::string(wanted) + ".", 500);
}

std::int64_t Rows::to_signed(std::string_view text, std::int64_t least, std::int64_t most) {
  const auto number = parse_number<std::int64_t>(text);
  if (number < least || number > most) unexpected_text("number in range");
  return number;
}

std::uint64_t Rows::to_unsigned(std::string_view text, std::uint64_t most) {
  const auto number = parse_number<std::uint64_t>(text);
  if (number > most) unexpected_text("number in range");
  return number;
}

double Rows::to_double(std::string_view text) {
  if (text == "NaN" || text == "Infinity" || text == "-Infinity")
    return text == "NaN" ? std::numeric_limits<double>::quiet_NaN()
                         : std::numeric_limits<double>::infinity() * (text.front() == '-' ? -1 : 1);
  return parse_number<double>(text);
}

bool Rows::to_bool(std::string_view text) {
  if (text == "t" || text == "true") return true;
  if (text != "f" && text != "false") unexpected_text("boolean");
  return false;
}

Uuid Rows::to_uuid(std::string_view text) {
  const std::optional<Uuid> uuid = Uuid::parse(text);
  if (!uuid) unexpected_text("UUID");
  return *uuid;
}

}  // namespace bailey::pg
