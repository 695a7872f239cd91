#pragma once

// The table's rows as clients give and get them, over REST and over GraphQL.
#include <bailey/model/model.hpp>

#include <cstdint>
#include <optional>
#include <string>

using namespace bailey;

// [model]
struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;
};

struct NewCard {
  Maybe<Uuid> user_id;  // left out: the caller's own. Another's is refused by the policy (403).
  std::string full_name;
  std::optional<std::string> job_title;
  std::string email;
  std::optional<std::string> phone_number;
  std::optional<std::string> website;

  static constexpr auto rules() {
    return fields(field<&NewCard::full_name>(min_length(1), max_length(120)), field<&NewCard::email>(format::email));
  }
};
// [/model]

// [rules]
struct CardPatch {  // what is left out stays as it is, null clears what may be empty
  Maybe<std::string> full_name;
  Maybe<std::string> job_title;
  Maybe<std::string> email;
  Maybe<std::string> phone_number;
  Maybe<std::string> website;

  static constexpr auto rules() {
    return fields(field<&CardPatch::full_name>(not_null, min_length(1), max_length(120)),
                  field<&CardPatch::email>(not_null, format::email), min_members(1), forbid_extra());
  }
};
// [/rules]
