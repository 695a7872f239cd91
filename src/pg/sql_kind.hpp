#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::pg::detail {

// What a statement may do to the transaction around it, told by its first word.
enum class SqlKind : std::uint8_t {
  data,       // SELECT, INSERT, …: cannot end a transaction; fit for a group
  schema,     // DDL: some forms (CREATE INDEX CONCURRENTLY) commit by themselves, so alone in a group
  procedure,  // DO, CALL: may COMMIT inside and so shed the scope, unless a transaction block forbids it
  refused,    // BEGIN, COMMIT, SET, DISCARD, LISTEN, COPY …: would end the group, outlive it, or break the protocol
  set_local,  // SET LOCAL, SET CONSTRAINTS, SAVEPOINT …: fine in a transaction of one's own
};

// `sql` is one command as the extended protocol takes it. Unknown words are refused.
[[nodiscard]] SqlKind sql_kind(std::string_view sql) noexcept;

// The name that a SET LOCAL sets, as it is written, without what may stand around its dots; "" when it is quoted or no
// plain name. nullopt for other statements.
[[nodiscard]] std::optional<std::string> local_setting(std::string_view sql);

// The word that decides, in lower case, or its first fifteen letters; "" when there is none.
[[nodiscard]] std::string first_word(std::string_view sql);

}  // namespace bailey::pg::detail
