#include "web/openapi_schemas.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::web_detail {
namespace {

constexpr std::string_view prefix = "#/components/schemas/";
constexpr std::string_view output = "-Output";

using Names = std::map<std::string, std::string, std::less<>>;

// Gives every reference within `value` the name that `names` has for it.
void rename(json::value& value, const Names& names) {
  const auto follow = [&](json::value& reference) {
    const json::string* const text = reference.if_string();
    if (text == nullptr || !std::string_view(*text).starts_with(prefix)) return;
    const auto found = names.find(std::string_view(*text).substr(prefix.size()));
    if (found != names.end()) reference = std::string(prefix) + found->second;
  };
  if (value.is_array()) {
    for (json::value& item : value.get_array()) rename(item, names);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) {
      if (member.key() == "$ref") {
        follow(member.value());
      } else if (member.key() == "mapping" && member.value().is_object()) {
        for (auto& target : member.value().get_object()) follow(target.value());
      } else {
        rename(member.value(), names);
      }
    }
  }
}

std::string input_name(std::string_view name) { return std::string(name.substr(0, name.size() - output.size())); }

// The models that are the same in both directions, by their names as answers: all, but for those that turn out to
// differ, and those that refer to such.
Names same_in_both(const json::object& schemas) {
  Names same;
  for (const auto& [name, schema] : schemas)
    if (name.ends_with(output) && schemas.contains(input_name(name))) same.emplace(name, input_name(name));
  for (bool is_stable = false; !is_stable;) {
    is_stable = true;
    for (auto each = same.begin(); each != same.end();) {
      json::value answered = schemas.at(each->first);
      rename(answered, same);
      const bool is_same = answered == schemas.at(each->second);
      is_stable = is_stable && is_same;
      each = is_same ? std::next(each) : same.erase(each);
    }
  }
  return same;
}

}  // namespace

json::object unite_schemas(json::object schemas, json::object& paths) {
  Names names = same_in_both(schemas);
  for (const auto& [name, replacement] : names) schemas.erase(name);
  for (const auto& [name, schema] : schemas) {
    if (!name.ends_with(output)) continue;
    const std::string plain = input_name(name);
    if (schemas.contains(plain)) {
      names.emplace(plain, plain + "-Input");
    } else if (!names.contains(name)) {
      names.emplace(name, plain);
    }
  }
  json::value all = std::move(paths);
  rename(all, names);
  paths = std::move(all.get_object());

  std::map<std::string, json::value> renamed;
  for (auto& [name, schema] : schemas) {
    const auto found = names.find(name);
    json::value moved = std::move(schema);
    rename(moved, names);
    renamed.emplace(found == names.end() ? std::string(name) : found->second, std::move(moved));
  }
  json::object result;
  for (auto& [name, schema] : renamed) result.emplace(name, std::move(schema));
  return result;
}

}  // namespace bailey::web_detail
