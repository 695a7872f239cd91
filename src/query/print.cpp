// An ApiRequest becomes a request. Names and values are quoted by the place they stand in: a name wherever it is no
// plain word, a list element and a value inside a logic tree when a comma, parenthesis, quote, backslash, brace or
// outer blank would be misread, a value at top level never, being taken verbatim.
#include <bailey/query/print.hpp>

#include "query/grammar.hpp"
#include "query/method.hpp"
#include "query/request_headers.hpp"

#include <algorithm>

namespace bailey::query {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return detail::is_identifier_byte(c) && c != ' ' && (c & '\x80') == 0;
  });
}

// An element of a list, or a value inside a logic tree.
void append_value(std::string& out, std::string_view text) {
  const bool blanks =
      !text.empty() && (text.front() == ' ' || text.back() == ' ' || text.front() == '\t' || text.back() == '\t');
  if (text.empty() || blanks || text.find_first_of(",()\"\\{}") != std::string_view::npos) {
    append_quoted(out, text);
  } else {
    out += text;
  }
}

void append_json_step(std::string& out, const JsonStep& step) {
  out += step.arrow == JsonStep::Arrow::text ? "->>" : "->";
  if (const auto* index = std::get_if<std::int64_t>(&step.key)) {
    out += std::to_string(*index);
    return;
  }
  const auto& key = std::get<std::string>(step.key);
  const bool number = std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; });
  if (is_word(key) && !number) {
    out += key;
  } else {
    append_quoted(out, key);
  }
}

enum class Place { parameter, tree };

void append_operation(std::string& out, const Condition& condition, Place place) {
  if (condition.negated) out += "not.";
  out += detail::name_of(condition.op);
  if (condition.quantifier == Quantifier::any) out += "(any)";
  if (condition.quantifier == Quantifier::all) out += "(all)";
  if (!condition.config.empty()) out.append("(").append(condition.config).append(")");
  out += '.';
  if (const auto* text = std::get_if<std::string>(&condition.operand)) {
    if (place == Place::tree) {
      append_value(out, *text);
    } else {
      out += *text;
    }
  } else if (const auto* list = std::get_if<std::vector<std::string>>(&condition.operand)) {
    out += '(';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += ',';
      append_value(out, (*list)[i]);
    }
    out += ')';
  } else {
    const auto keyword = std::get<Is>(condition.operand);
    out += std::ranges::find(detail::is_value_names, keyword, &std::pair<Is, std::string_view>::first)->second;
  }
}

void append_members(std::string& out, const Logic& logic);

void append_filter(std::string& out, const Filter& filter) {
  if (const auto* condition = std::get_if<Condition>(&filter.node)) {
    out.append(print_field(condition->field)).append(".");
    append_operation(out, *condition, Place::tree);
    return;
  }
  const auto& logic = std::get<Logic>(filter.node);
  if (logic.negated) out += "not.";
  out += logic.junction == Junction::or_ ? "or" : "and";
  append_members(out, logic);
}

void append_members(std::string& out, const Logic& logic) {
  out += '(';
  for (std::size_t i = 0; i < logic.members.size(); ++i) {
    if (i > 0) out += ',';
    append_filter(out, logic.members[i]);
  }
  out += ')';
}

std::string print_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ',';
    out += print_name(name);
  }
  return out;
}

class QueryString {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_.append(percent_encode(key)).append("=").append(percent_encode(value));
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// A filter's key would be taken for another parameter if its last dotted part read so: then its column is quoted.
std::string filter_key(const Field& field) {
  constexpr std::array<std::string_view, 8> reserved{"select", "columns", "on_conflict", "and",
                                                     "or",     "order",   "limit",       "offset"};
  std::string key = print_field(field);
  if (std::ranges::find(reserved, key) == reserved.end()) return key;
  std::string quoted;
  append_quoted(quoted, key);
  return quoted;
}

std::string print_query(const ApiRequest& request) {
  QueryString out;
  if (!request.select.empty()) out.add("select", print_select(request.select));
  if (!request.columns.empty()) out.add("columns", print_names(request.columns));
  if (!request.on_conflict.empty()) out.add("on_conflict", print_names(request.on_conflict));
  for (const Filter& filter : request.where) {
    std::string value;
    if (const auto* condition = std::get_if<Condition>(&filter.node)) {
      append_operation(value, *condition, Place::parameter);
      out.add(filter_key(condition->field), value);
    } else {
      const auto& logic = std::get<Logic>(filter.node);
      append_members(value, logic);
      out.add(std::string(logic.negated ? "not." : "") + (logic.junction == Junction::or_ ? "or" : "and"), value);
    }
  }
  if (!request.order.empty()) out.add("order", print_order(request.order));
  if (request.limit) out.add("limit", std::to_string(*request.limit));
  if (request.offset) out.add("offset", std::to_string(*request.offset));
  return out.take();
}

std::string_view accept_of(const Media& media) {
  switch (media.form) {
    case Media::Form::array:
      return media.nulls_stripped ? "application/vnd.pgrst.array+json;nulls=stripped" : "application/json";
    case Media::Form::object:
      return media.nulls_stripped ? "application/vnd.pgrst.object+json;nulls=stripped"
                                  : "application/vnd.pgrst.object+json";
    case Media::Form::csv: return "text/csv";
  }
  return "application/json";
}

std::string prefer_of(const Preferences& preferences) {
  std::string out;
  const auto add = [&](std::string_view token) {
    if (!out.empty()) out += ',';
    out += token;
  };
  if (preferences.return_) add(detail::token_of(*preferences.return_));
  if (preferences.count) add(detail::token_of(*preferences.count));
  if (preferences.resolution) add(detail::token_of(*preferences.resolution));
  if (preferences.missing) add(detail::token_of(*preferences.missing));
  if (preferences.handling) add(detail::token_of(*preferences.handling));
  if (preferences.transaction) add(detail::token_of(*preferences.transaction));
  if (preferences.timezone) add("timezone=" + *preferences.timezone);
  if (preferences.max_affected) add("max-affected=" + std::to_string(*preferences.max_affected));
  return out;
}

}  // namespace

std::string print_name(std::string_view name) {
  std::string out;
  if (is_word(name)) {
    out = name;
  } else {
    append_quoted(out, name);
  }
  return out;
}

std::string print_field(const Field& field) {
  std::string out = print_name(field.name);
  for (const JsonStep& step : field.path) append_json_step(out, step);
  return out;
}

std::string print_select(const std::vector<SelectItem>& items) {
  std::string out;
  for (const SelectItem& item : items) {
    if (!out.empty()) out += ',';
    if (const auto* column = std::get_if<Column>(&item)) {
      if (!column->alias.empty()) out.append(print_name(column->alias)).append(":");
      out += print_field(column->field);
      if (!column->cast.empty()) out.append("::").append(column->cast);
    } else {
      out += '*';
    }
  }
  return out;
}

std::string print_order(const std::vector<OrderTerm>& terms) {
  std::string out;
  for (const OrderTerm& term : terms) {
    if (!out.empty()) out += ',';
    out += print_field(term.field);
    if (term.direction == OrderTerm::Direction::ascending) out += ".asc";
    if (term.direction == OrderTerm::Direction::descending) out += ".desc";
    if (term.nulls == OrderTerm::Nulls::first) out += ".nullsfirst";
    if (term.nulls == OrderTerm::Nulls::last) out += ".nullslast";
  }
  return out;
}

std::string print_operation(const Condition& condition) {
  std::string out;
  append_operation(out, condition, Place::parameter);
  return out;
}

std::string print_url(const ApiRequest& request) {
  std::string url = '/' + percent_encode(request.relation);
  const std::string parameters = print_query(request);
  if (!parameters.empty()) url.append("?").append(parameters);
  return url;
}

RequestParts print(const ApiRequest& request) {
  RequestParts parts{.method = std::string(detail::method_of(request)),
                     .path = '/' + percent_encode(request.relation),
                     .query = print_query(request),
                     .headers = {},
                     .body = request.payload};
  parts.headers.emplace_back("Accept", accept_of(request.media));
  if (request.schema)
    parts.headers.emplace_back(request.kind == Kind::read ? "Accept-Profile" : "Content-Profile", *request.schema);
  if (request.kind == Kind::insert || request.kind == Kind::update) {
    parts.headers.emplace_back("Content-Type", "application/json");
  }
  if (std::string prefer = prefer_of(request.preferences); !prefer.empty()) {
    parts.headers.emplace_back("Prefer", std::move(prefer));
  }
  return parts;
}

}  // namespace bailey::query
