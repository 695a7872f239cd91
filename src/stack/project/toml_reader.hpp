#pragma once

#include <bailey/base/error.hpp>
#include <bailey/stack/config.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace bailey::stack {

// Reads known keys out of one TOML table, checking types, and knows which keys nobody asked for. A missing key leaves
// the value as it is. Wrong types and bad ranges throw Error "invalid_config" with file and line.
class TomlReader {
 public:
  TomlReader(const toml::table* table, std::string prefix, const std::string& file, const Environment& environment)
      : table_(table), prefix_(std::move(prefix)), file_(file), environment_(environment) {}

  void read(std::string_view key, bool& out);
  void read(std::string_view key, std::string& out);
  void read(std::string_view key, std::optional<std::string>& out);
  void read(std::string_view key, Secret& out);
  void read(std::string_view key, std::vector<std::string>& out);
  void read(std::string_view key, std::int64_t& out, std::int64_t least, std::int64_t most);
  void read(std::string_view key, std::uint16_t& out);  // a port, 1 to 65535
  void read(std::string_view key, std::optional<std::uint16_t>& out);
  void read(std::string_view key, std::chrono::seconds& out);  // whole seconds, or text such as "24h" or "1h30m"
  [[nodiscard]] TomlReader table(std::string_view key);

  // Throws the error of this key, telling what it should be.
  [[noreturn]] void refuse(std::string_view key, std::string_view expected) const;

  [[nodiscard]] bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }
  // Where a key stands: "supabase/config.toml:12: auth.site_url".
  [[nodiscard]] std::string place(std::string_view key) const;

  // Names in a debug line each key of this table that was not read.
  void report_unknown() const;
  // The same in a warning, with its line: for tables of which all keys are known, so that one more is a mistake.
  void warn_of_unknown() const;

 private:
  [[nodiscard]] const toml::node* node(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key, const toml::node& node) const;

  const toml::table* table_;  // null: the table is not in the file
  std::string prefix_;
  const std::string& file_;
  const Environment& environment_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace bailey::stack
