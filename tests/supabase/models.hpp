#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/model/maybe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailey::test {

struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
  std::optional<std::string> email;
  std::optional<std::string> website;
};

struct NewCard {
  std::string full_name;
  std::optional<std::string> email;
};

struct CardPatch {
  Maybe<std::string> full_name;
  Maybe<std::string> website;
};

struct ValueId {
  int id;
};

}  // namespace bailey::test
