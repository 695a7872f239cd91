#include <bailey/web/projection.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::web_detail {
namespace {

// Names of definitions, and the names under which they are defined again.
using Names = std::map<std::string, std::string, std::less<>>;

// Calls f with each reference in `value`, past the prefix, as a text that may be changed.
template <class F>
void for_each_reference(json::value& value, std::string_view prefix, const F& f) {
  if (json::array* const items = value.if_array()) {
    for (json::value& item : *items) for_each_reference(item, prefix, f);
  } else if (json::object* const object = value.if_object()) {
    for (auto& member : *object) {
      json::string* const text = member.key() == "$ref" ? member.value().if_string() : nullptr;
      if (text == nullptr) {
        for_each_reference(member.value(), prefix, f);
      } else if (std::string_view(*text).starts_with(prefix)) {
        std::string name(std::string_view(*text).substr(prefix.size()));
        f(name);
        *text = std::string(prefix) + name;
      }
    }
  }
}

bool may_be_null(const json::value& schema) {
  const json::value* const options = schema.is_object() ? schema.get_object().if_contains("anyOf") : nullptr;
  return options != nullptr && options->is_array() && !options->get_array().empty() &&
         options->get_array().back() == json::value(json::object{{"type", "null"}});
}

// Returns whether one was required that may be null.
bool require_no_nullable(json::object& model) {
  json::value* const required = model.if_contains("required");
  const json::value* const properties = model.if_contains("properties");
  if (required == nullptr || properties == nullptr) return false;
  json::array kept;
  for (const json::value& name : required->as_array())
    if (!may_be_null(properties->at(name.as_string()))) kept.push_back(name);
  if (kept.size() == required->get_array().size()) return false;
  if (kept.empty())
    model.erase("required");
  else
    *required = std::move(kept);
  return true;
}

// "Card-Output" -> "CardWithoutNulls-Output": the direction stands last.
std::string name_without_nulls(const std::string& name) {
  const std::size_t direction = std::min(name.find('-'), name.size());
  return name.substr(0, direction) + "WithoutNulls" + name.substr(direction);
}

}  // namespace

json::object leave_out_nulls(SchemaDefinitions& definitions, json::object schema) {
  const std::string prefix(definitions.reference("").at("$ref").as_string());
  json::value result = std::move(schema);

  std::map<std::string, json::value, std::less<>> models;  // all that it refers to
  const std::function<void(std::string&)> collect = [&](std::string& name) {
    const json::value* const known = definitions.all().if_contains(name);
    if (known == nullptr) return;
    const auto [model, is_new] = models.emplace(name, *known);
    if (is_new) for_each_reference(model->second, prefix, collect);
  };
  for_each_reference(result, prefix, collect);

  // Those that change, and those that refer to one.
  Names changed;
  for (auto& [name, model] : models)
    if (require_no_nullable(model.as_object())) changed.emplace(name, name_without_nulls(name));
  for (bool is_stable = false; !is_stable;) {
    is_stable = true;
    for (auto& [name, model] : models) {
      if (changed.contains(name)) continue;
      bool refers = false;
      for_each_reference(model, prefix, [&](const std::string& other) { refers = refers || changed.contains(other); });
      if (!refers) continue;
      changed.emplace(name, name_without_nulls(name));
      is_stable = false;
    }
  }

  const auto follow = [&](std::string& name) {
    if (const auto found = changed.find(name); found != changed.end()) name = found->second;
  };
  for (const auto& [name, own_name] : changed) {
    json::value& model = models.find(name)->second;
    for_each_reference(model, prefix, follow);
    definitions.define(own_name, std::move(model.as_object()));
  }
  for_each_reference(result, prefix, follow);
  return std::move(result.as_object());
}

}  // namespace bailey::web_detail
