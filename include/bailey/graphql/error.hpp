#pragma once

#include <bailey/base/error.hpp>
#include <bailey/model/json.hpp>

#include <string>
#include <utility>

namespace bailey::graphql {

// What the error's `extensions` say.
struct GraphQLErrorOptions {
  std::string code = {};  // extensions.code; empty: none
  json::object extensions = {};
};

// What a resolver tells its client of, as an error of its field: the message, `code` as `extensions.code`, and whatever
// else the extensions are to say. An HttpError is told as well, with a code that fits its status. What else leaves a
// resolver is a fault of the program: the client is told "Internal server error", and the log has the reason.
//
//   throw graphql::GraphQLError("The card is locked", {.code = "CARD_LOCKED"});
class GraphQLError : public Error {
 public:
  explicit GraphQLError(std::string message, GraphQLErrorOptions options = {})
      : Error(std::move(options.code), std::move(message), 400), extensions_(std::move(options.extensions)) {}

  [[nodiscard]] const json::object& extensions() const noexcept { return extensions_; }

 private:
  json::object extensions_;
};

}  // namespace bailey::graphql
