#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::stack {

// What CREATE PUBLICATION … FOR ALL TABLES asks for.
struct PublicationOfAllTables {
  std::string name = {};
  std::string of_no_table = {};  // the statement without FOR ALL TABLES

  bool operator==(const PublicationOfAllTables&) const = default;
};

// Of a statement as split_script gives it; nullopt for any other. Pure.
[[nodiscard]] std::optional<PublicationOfAllTables> publication_of_all_tables(std::string_view statement);

}  // namespace bailey::stack
