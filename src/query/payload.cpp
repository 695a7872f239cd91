// Bodies that are not JSON: CSV (RFC 4180; a cell NULL is null, all others are strings) and forms (one row of strings).
#include "query/payload.hpp"

#include "query/url_encoding.hpp"

#include <bailey/base/ascii.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace bailey::query::detail {
namespace {

namespace json = boost::json;
using Cells = std::vector<std::string>;

RestError bad_payload(std::string message) { return RestError(400, "PGRST102", std::move(message)); }

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }

  // Nothing when a quoted cell is not closed, or followed by more text.
  std::optional<Cells> record() {
    Cells cells;
    for (;;) {
      auto next = cell();
      if (!next) return std::nullopt;
      cells.push_back(std::move(*next));
      if (at_end()) return cells;
      if (text_[position_] == ',') {
        ++position_;
        continue;
      }
      if (text_[position_] == '\r') ++position_;
      if (!at_end() && text_[position_] == '\n') ++position_;
      return cells;
    }
  }

 private:
  std::optional<std::string> cell() {
    if (at_end() || text_[position_] != '"') {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
      std::string result(text_.substr(position_, end - position_));
      position_ = end;
      return result;
    }
    std::string result;
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] != '"') {
        result += text_[position_];
      } else if (position_ + 1 < text_.size() && text_[position_ + 1] == '"') {
        result += '"';
        ++position_;
      } else {
        ++position_;
        const bool ends = at_end() || std::string_view(",\r\n").find(text_[position_]) != std::string_view::npos;
        return ends ? std::optional(std::move(result)) : std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

std::expected<std::string, RestError> csv_as_json(std::string_view body) {
  if (!is_text(body)) return std::unexpected(bad_payload("The CSV is not valid UTF-8"));
  CsvReader reader(body);
  if (reader.at_end()) return std::unexpected(bad_payload("not enough input"));
  const auto header = reader.record();
  if (!header) return std::unexpected(bad_payload("The CSV has a malformed quoted field"));
  std::string result = "[";
  while (!reader.at_end()) {
    const auto cells = reader.record();
    if (!cells) return std::unexpected(bad_payload("The CSV has a malformed quoted field"));
    if (cells->size() != header->size()) {
      return std::unexpected(bad_payload("All lines must have same number of fields"));
    }
    if (result.size() > 1) result += ',';
    result += '{';
    for (std::size_t i = 0; i < cells->size(); ++i) {
      if (i > 0) result += ',';
      result += json::serialize(json::string_view((*header)[i])) + ':';
      result += (*cells)[i] == "NULL" ? "null" : json::serialize(json::string_view((*cells)[i]));
    }
    result += '}';
  }
  return result + ']';
}

std::expected<std::string, RestError> form_as_json(std::string_view body) {
  auto fields = split_query(body);
  if (!fields) return std::unexpected(bad_payload("The form is not valid UTF-8"));
  json::object object;
  for (const auto& [key, value] : *fields) object[key] = value.value_or("");
  return json::serialize(object);
}

}  // namespace

std::expected<std::string, RestError> payload_as_json(std::optional<std::string_view> content_type,
                                                      std::string_view body) {
  const std::string_view header = content_type.value_or("application/json");
  const std::string_view type = ascii::trim(header.substr(0, header.find(';')));
  if (ascii::equal_ignoring_case(type, "application/json")) return std::string(body);
  if (ascii::equal_ignoring_case(type, "text/csv")) return csv_as_json(body);
  if (ascii::equal_ignoring_case(type, "application/x-www-form-urlencoded")) return form_as_json(body);
  return std::unexpected(bad_payload("Content-Type not acceptable: " + std::string(type)));
}

}  // namespace bailey::query::detail
