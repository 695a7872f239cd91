#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The requests of the PostgREST dialect as plain values: a client builds them, `parse` reads them from a URL, `compile`
// makes SQL of them. They can be copied, compared and printed. Nothing in them has been checked against a database.
//
// Room for embedded resources: an embed is one more alternative of SelectItem, carrying its own select, where, order,
// limit and offset, so a filter or an order never needs a path.
namespace bailey::query {

// One step into a JSON value: `->` yields JSON, `->>` text. A number addresses an array element (negative: from the
// end).
struct JsonStep {
  enum class Arrow { json, text };
  Arrow arrow = Arrow::json;
  std::variant<std::string, std::int64_t> key;
  bool operator==(const JsonStep&) const = default;
};

// A column of the relation (or a computed field), and the path into it when it holds JSON. The name is unquoted:
// `print` and `compile` quote it where they must.
struct Field {
  std::string name;
  std::vector<JsonStep> path;
  bool operator==(const Field&) const = default;
};

// --- select ----------------------------------------------------------------------------------------------------------

// All columns of the relation.
struct Star {
  bool operator==(const Star&) const = default;
};

// One column to return.
struct Column {
  Field field;
  std::string alias;  // the name in the output; empty: the column's own (of a JSON path, its last key)
  std::string cast;   // a plain type name such as `text` or `double precision`; empty: none
  bool operator==(const Column&) const = default;
};

using SelectItem = std::variant<Star, Column>;

// --- where -----------------------------------------------------------------------------------------------------------

enum class Operator {
  eq,
  neq,
  gt,
  gte,
  lt,
  lte,
  like,
  ilike,
  match,
  imatch,  // these but neq take a quantifier
  in,
  is,
  isdistinct,
  fts,
  plfts,
  phfts,
  wfts,  // full-text search, with an optional configuration
  cs,
  cd,
  ov,
  sl,
  sr,
  nxr,
  nxl,
  adj  // contains, contained, overlaps; ranges
};

// Whether the operand is one value, or an array of which any or each must satisfy the operator: `eq(any).{1,2}`.
enum class Quantifier { none, any, all };
enum class Is { null, not_null, true_, false_, unknown };

// `field op operand`. The operand is a list for `in`, an Is for `is`, else text: a scalar, or an array, range or
// JSON literal as PostgreSQL writes it.
struct Condition {
  Field field;
  bool negated = false;
  Operator op = Operator::eq;
  Quantifier quantifier = Quantifier::none;
  std::string config;  // full-text search only: the configuration, such as `english`; empty: the database's default
  std::variant<std::string, std::vector<std::string>, Is> operand;
  bool operator==(const Condition&) const = default;
};

enum class Junction { and_, or_ };
struct Filter;

// A junction of at least one member.
struct Logic {
  Junction junction = Junction::and_;
  bool negated = false;
  std::vector<Filter> members;
  bool operator==(const Logic&) const;
};

// Which rows: one comparison, or a junction of filters.
struct Filter {
  std::variant<Condition, Logic> node;
  bool operator==(const Filter&) const = default;
};

inline bool Logic::operator==(const Logic&) const = default;

// --- order -----------------------------------------------------------------------------------------------------------

// One column to sort by; what is unspecified is PostgreSQL's default.
struct OrderTerm {
  enum class Direction { unspecified, ascending, descending };
  enum class Nulls { unspecified, first, last };
  Field field;
  Direction direction = Direction::unspecified;
  Nulls nulls = Nulls::unspecified;
  bool operator==(const OrderTerm&) const = default;
};

// --- what the headers say --------------------------------------------------------------------------------------------

// The `Prefer` header. Each is absent unless the caller wrote it.
struct Preferences {
  enum class Return { minimal, headers_only, representation };
  enum class Count { exact, planned, estimated };
  enum class Resolution { merge_duplicates, ignore_duplicates };
  enum class Missing { null, default_ };
  enum class Handling { strict, lenient };
  enum class Transaction { commit, rollback };

  std::optional<Resolution> resolution;
  std::optional<Missing> missing;
  std::optional<Return> return_;
  std::optional<Count> count;
  std::optional<Transaction> transaction;
  std::optional<Handling> handling;
  std::optional<std::string> timezone;
  std::optional<std::int64_t> max_affected;  // takes effect with Handling::strict only
  bool operator==(const Preferences&) const = default;
};

// The form of the answer, as negotiated from `Accept`.
struct Media {
  enum class Form { array, object, csv };  // object: exactly one row, or the request fails and changes nothing
  Form form = Form::array;
  bool nulls_stripped = false;  // never with csv
  bool operator==(const Media&) const = default;
};

// --- the request -----------------------------------------------------------------------------------------------------

enum class Kind { read, insert, update, delete_ };

// A request for one relation. A value that owns all it holds.
struct ApiRequest {
  Kind kind = Kind::read;
  bool head_only = false;             // read only: everything but the body
  std::optional<std::string> schema;  // absent: the first exposed one
  std::string relation;
  std::vector<SelectItem> select;  // empty: all columns
  std::vector<Filter> where;       // all must hold
  std::vector<OrderTerm> order;
  std::optional<std::int64_t> limit;  // rows; not negative. Reads only, mutations ignore both
  std::optional<std::int64_t> offset;
  std::vector<std::string> columns;      // insert, update: the only keys of the payload to use; empty: all it has
  std::vector<std::string> on_conflict;  // insert with a resolution: the conflict target; empty: the primary key
  std::string payload;                   // insert, update: JSON text, an object or an array of objects
  Preferences preferences;
  Media media;
  bool operator==(const ApiRequest&) const = default;
};

}  // namespace bailey::query
