// Reads as much of CREATE EXTENSION as its two names take. What is written in another way (an escaped identifier,
// U&"…") is left to PostgreSQL.
#include "stack/database/extensions.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace bailey::stack {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { skip_blanks(); }

  // Takes the word if it comes next, whatever its case.
  bool take(std::string_view word) {
    const Words before = *this;
    if (rest_.starts_with('"') || name() != word) {
      *this = before;
      return false;
    }
    return true;
  }

  // The identifier that comes next, folded unless quoted; "" for none.
  std::string name() {
    std::string name;
    if (rest_.starts_with('"')) {
      const std::size_t end = std::min(rest_.find('"', 1), rest_.size());
      name = rest_.substr(1, end - 1);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
    } else {
      const auto end = std::ranges::find_if_not(rest_, is_of_word);
      name.assign(rest_.begin(), end);
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      rest_.remove_prefix(name.size());
    }
    skip_blanks();
    return name;
  }

 private:
  void skip_blanks() {
    for (;;) {
      rest_.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_blank) - rest_.begin()));
      if (!rest_.starts_with("--") && !rest_.starts_with("/*")) return;
      const std::string_view end = rest_.starts_with("--") ? "\n" : "*/";
      const std::size_t at = rest_.find(end, 2);
      rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
    }
  }

  std::string_view rest_;
};

}  // namespace

std::optional<ExtensionRequest> extension_request(std::string_view statement) {
  Words words(statement);
  if (!words.take("create") || !words.take("extension")) return std::nullopt;
  if (words.take("if") && (!words.take("not") || !words.take("exists"))) return std::nullopt;
  ExtensionRequest request{.name = words.name(), .schema = ""};
  if (request.name.empty()) return std::nullopt;
  words.take("with");
  if (words.take("schema")) request.schema = words.name();
  return request;
}

bool is_supabases_own_extension(std::string_view name) {
  constexpr auto names =
      std::to_array<std::string_view>({"index_advisor", "pg_cron", "pg_graphql", "pg_jsonschema", "pg_net", "pgjwt",
                                       "pgmq", "pgsodium", "supabase_vault", "wrappers"});
  return std::ranges::find(names, name) != names.end();
}

bool is_made_by_superuser(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"autoinc", "insert_username", "moddatetime", "refint"});
  return std::ranges::find(names, name) != names.end();
}

}  // namespace bailey::stack
