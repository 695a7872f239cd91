#include "stack/project/toml_reader.hpp"

#include <bailey/base/log.hpp>

#include "stack/project/duration.hpp"

namespace bailey::stack {

const toml::node* TomlReader::node(std::string_view key) {
  known_.emplace(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void TomlReader::refuse(std::string_view key, std::string_view expected) const {
  throw Error("invalid_config", place(key).append(" must be ").append(expected), 500);
}

std::string TomlReader::place(std::string_view key) const {
  std::string place = file_;
  const toml::node* at = table_ == nullptr ? nullptr : table_->get(key);
  if (at != nullptr) place += ":" + std::to_string(at->source().begin.line);
  return place.append(": ").append(prefix_).append(key);
}

std::string TomlReader::text(std::string_view key, const toml::node& node) const {
  const auto value = node.value_exact<std::string>();
  if (!value) refuse(key, "a string");
  if (value->contains('\0')) refuse(key, "free of NUL characters");
  if (!value->starts_with("env(") || !value->ends_with(')')) return *value;
  const auto found = environment_(value->substr(4, value->size() - 5));
  if (!found)
    log::warning("a setting names an environment variable that is not set", {{"setting", prefix_ + std::string(key)}});
  return found.value_or("");
}

void TomlReader::read(std::string_view key, bool& out) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const auto value = found->value_exact<bool>();
  if (!value) refuse(key, "true or false");
  out = *value;
}

void TomlReader::read(std::string_view key, std::string& out) {
  if (const toml::node* found = node(key)) out = text(key, *found);
}

void TomlReader::read(std::string_view key, std::optional<std::string>& out) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  std::string value = text(key, *found);
  if (!value.empty()) out = std::move(value);
}

void TomlReader::read(std::string_view key, Secret& out) {
  if (const toml::node* found = node(key)) out = Secret(text(key, *found));
}

void TomlReader::read(std::string_view key, std::vector<std::string>& out) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const toml::array* list = found->as_array();
  if (list == nullptr) refuse(key, "a list of strings");
  std::vector<std::string> values;
  for (const toml::node& element : *list) {
    if (!element.is_string()) refuse(key, "a list of strings");
    values.push_back(text(key, element));
  }
  out = std::move(values);
}

void TomlReader::read(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  const auto value = found->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    refuse(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  out = *value;
}

void TomlReader::read(std::string_view key, std::uint16_t& out) {
  std::int64_t value = out;
  read(key, value, 1, 65535);
  out = static_cast<std::uint16_t>(value);
}

void TomlReader::read(std::string_view key, std::optional<std::uint16_t>& out) {
  if (node(key) == nullptr) return;
  std::uint16_t value = 0;
  read(key, value);
  out = value;
}

void TomlReader::read(std::string_view key, std::chrono::seconds& out) {
  const toml::node* found = node(key);
  if (found == nullptr) return;
  if (const auto number = found->value_exact<std::int64_t>(); number && *number >= 0 && *number <= 1'000'000'000) {
    out = std::chrono::seconds(*number);
    return;
  }
  const auto value = found->value_exact<std::string>();
  const auto duration = value ? parse_duration(*value) : std::nullopt;
  if (!duration) refuse(key, "a number of seconds or a duration such as \"24h\"");
  out = *duration;
}

TomlReader TomlReader::table(std::string_view key) {
  const toml::node* found = node(key);
  if (found != nullptr && !found->is_table()) refuse(key, "a table");
  return {found == nullptr ? nullptr : found->as_table(), prefix_ + std::string(key) + ".", file_, environment_};
}

void TomlReader::report_unknown() const {
  if (table_ == nullptr) return;
  for (const auto& [key, value] : *table_) {
    if (!known_.contains(key.str())) {
      log::debug("a setting is not used here", {{"setting", prefix_ + std::string(key.str())}, {"file", file_}});
    }
  }
}

void TomlReader::warn_of_unknown() const {
  if (table_ == nullptr) return;
  for (const auto& [key, value] : *table_) {
    if (!known_.contains(key.str())) log::warning("a setting is not known here", {{"setting", place(key.str())}});
  }
}

}  // namespace bailey::stack
