// Reads CREATE and ALTER EXTENSION. What is written in another way (U&"…", E'…', an option twice) is left to
// PostgreSQL, which refuses it.
#include "stack/database/extensions.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "stack/database/sql_words.hpp"

namespace bailey::stack {

std::optional<ExtensionRequest> extension_request(std::string_view statement) {
  SqlWords words(statement);
  if (!words.take("create") || !words.take("extension")) return std::nullopt;
  ExtensionRequest request;
  if (words.take("if")) {
    if (!words.take("not") || !words.take("exists")) return std::nullopt;
    request.if_not_exists = true;
  }
  request.name = words.name();
  if (request.name.empty()) return std::nullopt;
  words.take("with");
  for (;;) {
    if (request.schema.empty() && words.take("schema")) {
      request.schema = words.name();
      if (request.schema.empty()) return std::nullopt;
    } else if (request.version.empty() && words.take("version")) {
      request.version = words.value();
      if (request.version.empty()) return std::nullopt;
    } else if (!request.cascade && words.take("cascade")) {
      request.cascade = true;
    } else {
      words.take(';');
      return words.at_end() ? std::optional(std::move(request)) : std::nullopt;
    }
  }
}

std::optional<ExtensionMove> extension_move(std::string_view statement) {
  SqlWords words(statement);
  if (!words.take("alter") || !words.take("extension")) return std::nullopt;
  ExtensionMove move{.name = words.name()};
  if (!words.take("set") || !words.take("schema")) return std::nullopt;
  move.schema = words.name();
  words.take(';');
  if (move.name.empty() || move.schema.empty() || !words.at_end()) return std::nullopt;
  return move;
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
