// Columns, JSON paths, filters and orders as SQL. Every value, JSON key, index and search configuration is a parameter
// whose type PostgreSQL infers from what it is compared with, as it would a literal's.
#include "query/compile_parts.hpp"

#include "query/array_literal.hpp"
#include "query/grammar.hpp"

#include <bailey/base/random.hpp>

#include <algorithm>

namespace bailey::query::detail {
namespace {

bool is_json(const ColumnInfo* column) {
  return column != nullptr && (column->base_type == "json" || column->base_type == "jsonb");
}

// The name a JSON path gives its column: its last key.
std::string_view path_name(const Field& field) {
  for (auto step = field.path.rbegin(); step != field.path.rend(); ++step) {
    if (const auto* key = std::get_if<std::string>(&step->key)) return *key;
  }
  return field.name;
}

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::eq: return "=";
    case Operator::neq: return "<>";
    case Operator::gt: return ">";
    case Operator::gte: return ">=";
    case Operator::lt: return "<";
    case Operator::lte: return "<=";
    case Operator::like: return "LIKE";
    case Operator::ilike: return "ILIKE";
    case Operator::match: return "~";
    case Operator::imatch: return "~*";
    case Operator::isdistinct: return "IS DISTINCT FROM";
    case Operator::cs: return "@>";
    case Operator::cd: return "<@";
    case Operator::ov: return "&&";
    case Operator::sl: return "<<";
    case Operator::sr: return ">>";
    case Operator::nxr: return "&<";
    case Operator::nxl: return "&>";
    case Operator::adj: return "-|-";
    case Operator::fts: return "pg_catalog.to_tsquery";
    case Operator::plfts: return "pg_catalog.plainto_tsquery";
    case Operator::phfts: return "pg_catalog.phraseto_tsquery";
    case Operator::wfts: return "pg_catalog.websearch_to_tsquery";
    case Operator::in:
    case Operator::is: break;
  }
  return "=";
}

std::string_view keyword(Is value) {
  switch (value) {
    case Is::null: return "NULL";
    case Is::not_null: return "NOT NULL";
    case Is::true_: return "TRUE";
    case Is::false_: return "FALSE";
    case Is::unknown: return "UNKNOWN";
  }
  return "NULL";
}

void write_text_search(SqlWriter& out, const RelationInfo& relation, const Condition& condition,
                       const std::string& text) {
  const ColumnInfo* column = relation.column(condition.field.name);
  const bool is_vector = column != nullptr && column->base_type == "tsvector" && condition.field.path.empty();
  std::size_t config = 0;
  const auto write_config = [&] {
    if (condition.config.empty()) return;
    if (config == 0) {
      config = out.parameter(condition.config);
    } else {
      out.place(config);
    }
    out << "::pg_catalog.regconfig, ";
  };
  if (!is_vector) {
    out << "pg_catalog.to_tsvector(";
    write_config();
  }
  write_field(out, relation, condition.field);
  out << (is_vector ? " @@ " : ") @@ ") << symbol(condition.op) << "(";
  write_config();
  out.parameter(text);
  out << ")";
}

void write_condition(SqlWriter& out, const RelationInfo& relation, const Condition& condition) {
  if (condition.negated) out << "NOT (";
  if (const auto* list = std::get_if<std::vector<std::string>>(&condition.operand)) {
    write_field(out, relation, condition.field);
    out << " = ANY (";
    const bool nothing = list->empty() || (list->size() == 1 && list->front().empty());
    out.parameter(nothing ? "{}" : array_literal(*list));
    out << ")";
  } else if (const auto* is = std::get_if<Is>(&condition.operand)) {
    write_field(out, relation, condition.field);
    out << " IS " << keyword(*is);
  } else {
    std::string text = std::get<std::string>(condition.operand);
    if (is_text_search(condition.op)) {
      write_text_search(out, relation, condition, text);
    } else {
      if (condition.op == Operator::like || condition.op == Operator::ilike) std::ranges::replace(text, '*', '%');
      write_field(out, relation, condition.field);
      out << " " << symbol(condition.op) << " ";
      if (condition.quantifier == Quantifier::any) out << "ANY (";
      if (condition.quantifier == Quantifier::all) out << "ALL (";
      out.parameter(std::move(text));
      if (condition.quantifier != Quantifier::none) out << ")";
    }
  }
  if (condition.negated) out << ")";
}

// The null row of the relation has its columns as they are when the statement runs: PostgreSQL reads the text of a
// prepared statement anew when a relation in it has changed, all but the types of its parameters.
class TypeCheck {
 public:
  TypeCheck(SqlWriter& out, const RelationInfo& relation) : out_(out), relation_(relation) {}

  void add(const ColumnInfo& column) {
    out_ << (is_empty_ ? ", (CASE WHEN " : " AND ") << "pg_catalog.pg_typeof((NULL::";
    out_.qualified(relation_.schema, relation_.name) << ").";
    out_.identifier(column.name) << ")::pg_catalog.oid = " << std::to_string(column.type_id) << "::pg_catalog.oid";
    is_empty_ = false;
  }
  // The columns that a value is compared with.
  void add(const Filter& filter) {
    if (const auto* logic = std::get_if<Logic>(&filter.node)) {
      for (const Filter& member : logic->members) add(member);
      return;
    }
    const auto& condition = std::get<Condition>(filter.node);
    if (std::holds_alternative<Is>(condition.operand)) return;
    if (const ColumnInfo* column = relation_.column(condition.field.name)) add(*column);
  }
  void end() {
    if (!is_empty_) out_ << " THEN '0' ELSE '" << type_check_token() << "' END)::pg_catalog.int4 AS types";
  }

 private:
  SqlWriter& out_;
  const RelationInfo& relation_;
  bool is_empty_ = true;
};

constexpr std::string_view csv_rows =
    "pg_catalog.string_agg(pg_catalog.substr(pgrst_row::text, 2, pg_catalog.length(pgrst_row::text) - 2), E'\\n')";

void write_json_body(SqlWriter& out, const Media& media) {
  if (media.nulls_stripped) out << "pg_catalog.json_strip_nulls(";
  out << (media.form == Media::Form::object ? "pg_catalog.json_agg(pgrst_row) -> 0"
                                            : "coalesce(pg_catalog.json_agg(pgrst_row), '[]')");
  if (media.nulls_stripped) out << ")";
}

}  // namespace

std::string_view type_check_token() {
  static const std::string token = "bailey:" + random_token(12) + ":types";
  return token;
}

std::string_view size_check_token() {
  static const std::string token = "bailey:" + random_token(12) + ":bytes";
  return token;
}

std::string_view row_check_token() {
  static const std::string token = "bailey:" + random_token(12) + ":rows=";
  return token;
}

void write_field(SqlWriter& out, const RelationInfo& relation, const Field& field) {
  if (field.path.empty()) {
    out.qualified(relation.name, field.name);
    return;
  }
  const bool json = is_json(relation.column(field.name));
  out << (json ? "(" : "(pg_catalog.to_jsonb(");
  out.qualified(relation.name, field.name);
  if (!json) out << ")";
  for (const JsonStep& step : field.path) {
    out << (step.arrow == JsonStep::Arrow::text ? " ->> " : " -> ");
    if (const auto* index = std::get_if<std::int64_t>(&step.key)) {
      out.parameter(std::to_string(*index));
      out << "::pg_catalog.int4";
    } else {
      out.parameter(std::get<std::string>(step.key));
      out << "::pg_catalog.text";
    }
  }
  out << ")";
}

void write_select(SqlWriter& out, const RelationInfo& relation, const std::vector<SelectItem>& items, StarForm form) {
  const auto write_star = [&] {
    if (form == StarForm::star) {
      out.identifier(relation.name) << ".*";
      return;
    }
    separated(out, ", ", relation.columns,
              [&](const ColumnInfo& column) { out.qualified(relation.name, column.name); });
  };
  if (items.empty()) {
    write_star();
    return;
  }
  separated(out, ", ", items, [&](const SelectItem& item) {
    const auto* column = std::get_if<Column>(&item);
    if (column == nullptr) {
      write_star();
      return;
    }
    if (!column->cast.empty()) out << "CAST(";
    write_field(out, relation, column->field);
    if (!column->cast.empty()) out << " AS " << column->cast << ")";
    if (!column->alias.empty()) {
      out << " AS ";
      out.identifier(column->alias);
    } else if (!column->cast.empty() || !column->field.path.empty()) {
      out << " AS ";
      out.identifier(path_name(column->field));
    }
  });
}

void write_filter(SqlWriter& out, const RelationInfo& relation, const Filter& filter) {
  if (const auto* condition = std::get_if<Condition>(&filter.node)) {
    write_condition(out, relation, *condition);
    return;
  }
  const auto& logic = std::get<Logic>(filter.node);
  out << (logic.negated ? "NOT (" : "(");
  separated(out, logic.junction == Junction::or_ ? " OR " : " AND ", logic.members,
            [&](const Filter& member) { write_filter(out, relation, member); });
  out << ")";
}

void write_where(SqlWriter& out, const RelationInfo& relation, const std::vector<Filter>& filters) {
  if (filters.empty()) return;
  out << " WHERE ";
  separated(out, " AND ", filters, [&](const Filter& filter) { write_filter(out, relation, filter); });
}

void write_order(SqlWriter& out, const RelationInfo& relation, const std::vector<OrderTerm>& terms) {
  if (terms.empty()) return;
  out << " ORDER BY ";
  separated(out, ", ", terms, [&](const OrderTerm& term) {
    write_field(out, relation, term.field);
    if (term.direction == OrderTerm::Direction::ascending) out << " ASC";
    if (term.direction == OrderTerm::Direction::descending) out << " DESC";
    if (term.nulls == OrderTerm::Nulls::first) out << " NULLS FIRST";
    if (term.nulls == OrderTerm::Nulls::last) out << " NULLS LAST";
  });
}

void write_outer_columns(SqlWriter& out, const Media& media, const Outer& outer) {
  out << outer.total << " AS total_count, " << outer.page << " AS page_count, ";
  if (!outer.body) {
    out << "''::text";
  } else if (media.form == Media::Form::csv) {
    out << "(SELECT coalesce(pg_catalog.string_agg(h.k, ','), '') FROM (SELECT pg_catalog.json_object_keys(r) AS k "
           "FROM (SELECT pg_catalog.row_to_json(pgrst_page) AS r FROM pgrst_page LIMIT 1) s) h) || E'\\n' || "
           "coalesce("
        << csv_rows << ", '')";
  } else {
    out << "(";
    write_json_body(out, media);
    out << ")::text";
  }
  out << " AS body, nullif(pg_catalog.current_setting('response.headers', true), '') AS response_headers, "
         "nullif(pg_catalog.current_setting('response.status', true), '') AS response_status, "
      << outer.inserted << " AS inserted, " << outer.location << " AS location";
}

void write_size_check(SqlWriter& out, const Media& media, const CompileOptions& options) {
  constexpr std::size_t header = 4;
  constexpr std::size_t largest = (std::size_t{1} << 30) - 1;  // that a value of PostgreSQL's can be
  if (!options.body_limit_bytes || *options.body_limit_bytes >= largest - header) return;
  out << ", (CASE WHEN pg_catalog.pg_column_size("
      << (media.form == Media::Form::csv ? csv_rows : std::string_view("pg_catalog.json_agg(pgrst_row)")) << ") > "
      << std::to_string(*options.body_limit_bytes + header) << " THEN '" << size_check_token()
      << "' ELSE '0' END)::pg_catalog.int4 AS size";
}

void write_type_check(SqlWriter& out, const ApiRequest& request, const RelationInfo& relation,
                      const std::vector<const ColumnInfo*>& payload_columns) {
  TypeCheck check(out, relation);
  for (const ColumnInfo* column : payload_columns) check.add(*column);
  for (const Filter& filter : request.where) check.add(filter);
  check.end();
}

}  // namespace bailey::query::detail
