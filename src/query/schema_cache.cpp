// The schema cache: what the loader's JSON says, indexed by schema and name.
#include <bailey/query/schema_cache.hpp>

#include "query/array_literal.hpp"
#include "query/similarity.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace bailey::query {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> texts_of(const json::object& object, std::string_view key) {
  std::vector<std::string> result;
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_array()) return result;
  for (const json::value& element : value->get_array()) result.emplace_back(element.as_string());
  return result;
}

ColumnInfo column_of(const json::object& object) {
  ColumnInfo column{.name = text_of(object, "name"),
                    .type_id = object.at("type_id").to_number<pg::TypeId>(),
                    .type = text_of(object, "type"),
                    .base_type = text_of(object, "base_type"),
                    .nullable = object.at("nullable").as_bool(),
                    .enum_labels = texts_of(object, "enum_labels"),
                    .comment = text_of(object, "comment")};
  if (object.at("default").is_string()) column.default_expression = text_of(object, "default");
  return column;
}

RelationInfo::Kind kind_of(std::string_view relkind) {
  if (relkind == "v") return RelationInfo::Kind::view;
  if (relkind == "m") return RelationInfo::Kind::materialized_view;
  if (relkind == "f") return RelationInfo::Kind::foreign_table;
  if (relkind == "p") return RelationInfo::Kind::partitioned_table;
  return RelationInfo::Kind::table;
}

RelationInfo relation_of(const json::object& object) {
  RelationInfo relation{.schema = text_of(object, "schema"),
                        .name = text_of(object, "name"),
                        .kind = kind_of(text_of(object, "kind")),
                        .primary_key = texts_of(object, "primary_key"),
                        .comment = text_of(object, "comment")};
  if (const auto& columns = object.at("columns"); columns.is_array()) {
    for (const json::value& column : columns.get_array()) relation.columns.push_back(column_of(column.as_object()));
  }
  return relation;
}

}  // namespace

const ColumnInfo* RelationInfo::column(std::string_view column_name) const {
  const auto found = std::ranges::find(columns, column_name, &ColumnInfo::name);
  return found == columns.end() ? nullptr : &*found;
}

SchemaCache::SchemaCache(std::vector<std::string> schemas, std::vector<RelationInfo> relations, Roles roles)
    : schemas_(std::move(schemas)), roles_(std::move(roles)) {
  for (RelationInfo& relation : relations) {
    auto& of_schema = relations_[relation.schema];
    std::string name = relation.name;
    of_schema.insert_or_assign(std::move(name), std::move(relation));
  }
}

std::string SchemaCache::schemas_parameter(const std::vector<std::string>& schemas) {
  return detail::array_literal(schemas);
}

Expected<SchemaCache> SchemaCache::from_json(std::vector<std::string> schemas, std::string_view text, Roles roles) {
  try {
    std::vector<RelationInfo> relations;
    const json::value document = json::parse(text);
    for (const json::value& relation : document.as_array()) relations.push_back(relation_of(relation.as_object()));
    return SchemaCache(std::move(schemas), std::move(relations), std::move(roles));
  } catch (const std::exception&) {
    return std::unexpected(Error("PGRSTX00", "The description of the schema cannot be read"));
  }
}

bool SchemaCache::exposes(std::string_view schema) const {
  return std::ranges::find(schemas_, schema) != schemas_.end();
}

const RoleInfo* SchemaCache::role(std::string_view name) const {
  const auto found = roles_.find(name);
  return found == roles_.end() ? nullptr : &found->second;
}

const RelationInfo* SchemaCache::find(std::string_view schema, std::string_view relation) const {
  const auto of_schema = relations_.find(schema);
  if (of_schema == relations_.end()) return nullptr;
  const auto found = of_schema->second.find(relation);
  return found == of_schema->second.end() ? nullptr : &found->second;
}

std::optional<std::string> SchemaCache::similar(std::string_view schema, std::string_view relation) const {
  constexpr std::size_t search_limit = 500;
  constexpr double threshold = 0.75;
  const auto of_schema = relations_.find(schema);
  if (of_schema == relations_.end() || of_schema->second.size() >= search_limit) return std::nullopt;
  std::optional<std::string> best;
  double best_similarity = threshold;
  for (const auto& [name, _] : of_schema->second) {
    const double likeness = detail::similarity(relation, name);
    if (likeness > best_similarity || (likeness == threshold && !best)) {
      best = name;
      best_similarity = likeness;
    }
  }
  return best;
}

}  // namespace bailey::query
