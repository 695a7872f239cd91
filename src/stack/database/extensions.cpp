// Reads CREATE EXTENSION as far as its names and options go. What is written in another way (an escaped identifier,
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

  // The identifier or plain string that comes next.
  std::string value() {
    if (!rest_.starts_with('\'')) return name();
    const std::size_t end = std::min(rest_.find('\'', 1), rest_.size());
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    skip_blanks();
    return text;
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
  ExtensionRequest request;
  request.name = words.name();
  if (request.name.empty()) return std::nullopt;
  words.take("with");
  for (;;) {
    if (words.take("schema")) {
      request.schema = words.name();
    } else if (words.take("version")) {
      request.version = words.value();
    } else if (words.take("cascade")) {
      request.cascade = true;
    } else {
      return request;
    }
  }
}

bool is_extension_of_supabase(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>({"address_standardizer",
                                                          "address_standardizer_data_us",
                                                          "autoinc",
                                                          "bloom",
                                                          "btree_gin",
                                                          "btree_gist",
                                                          "citext",
                                                          "cube",
                                                          "dblink",
                                                          "dict_int",
                                                          "dict_xsyn",
                                                          "earthdistance",
                                                          "fuzzystrmatch",
                                                          "hstore",
                                                          "http",
                                                          "hypopg",
                                                          "index_advisor",
                                                          "insert_username",
                                                          "intarray",
                                                          "isn",
                                                          "ltree",
                                                          "moddatetime",
                                                          "orioledb",
                                                          "pg_cron",
                                                          "pg_graphql",
                                                          "pg_hashids",
                                                          "pg_jsonschema",
                                                          "pg_net",
                                                          "pg_partman",
                                                          "pg_prewarm",
                                                          "pg_repack",
                                                          "pg_stat_monitor",
                                                          "pg_stat_statements",
                                                          "pg_tle",
                                                          "pg_trgm",
                                                          "pg_walinspect",
                                                          "pgaudit",
                                                          "pgcrypto",
                                                          "pgjwt",
                                                          "pgmq",
                                                          "pgroonga",
                                                          "pgroonga_database",
                                                          "pgrouting",
                                                          "pgrowlocks",
                                                          "pgsodium",
                                                          "pgstattuple",
                                                          "pgtap",
                                                          "plcoffee",
                                                          "pljava",
                                                          "plls",
                                                          "plpgsql",
                                                          "plpgsql_check",
                                                          "plv8",
                                                          "postgis",
                                                          "postgis_raster",
                                                          "postgis_sfcgal",
                                                          "postgis_tiger_geocoder",
                                                          "postgis_topology",
                                                          "postgres_fdw",
                                                          "refint",
                                                          "rum",
                                                          "seg",
                                                          "sslinfo",
                                                          "supabase_vault",
                                                          "supautils",
                                                          "tablefunc",
                                                          "tcn",
                                                          "timescaledb",
                                                          "tsm_system_rows",
                                                          "tsm_system_time",
                                                          "unaccent",
                                                          "uuid-ossp",
                                                          "vector",
                                                          "wrappers"});
  return std::ranges::find(names, name) != names.end();
}

}  // namespace bailey::stack
