#include "stack/database/publications.hpp"

#include <bailey/query/compile.hpp>

#include "stack/database/sql_words.hpp"

namespace bailey::stack {

std::optional<PublicationOfAllTables> publication_of_all_tables(std::string_view statement) {
  SqlWords words(statement);
  if (!words.take("create") || !words.take("publication")) return std::nullopt;
  PublicationOfAllTables publication{.name = words.name()};
  if (publication.name.empty() || !words.take("for") || !words.take("all") || !words.take("tables"))
    return std::nullopt;
  publication.of_no_table =
      "create publication " + query::quote_identifier(publication.name) + " " + std::string(words.rest());
  return publication;
}

}  // namespace bailey::stack
