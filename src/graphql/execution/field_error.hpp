// What a client is told of what has left a resolver: what is meant for clients as it is, all else as an internal error,
// with a line in the log.
#pragma once

#include <bailey/web/request.hpp>
#include <graphql/response_error.hpp>

#include <exception>
#include <string>

namespace bailey::graphql {

// An error that is there in its final form but for where it is in the response.
class FieldError : public std::exception {
 public:
  explicit FieldError(ResponseError error) : error_(std::move(error)) {}
  [[nodiscard]] const ResponseError& error() const noexcept { return error_; }

 private:
  ResponseError error_;
};

// Of a resolver's exception; a request that was cancelled has one that nobody is told.
[[nodiscard]] ResponseError error_of(const std::exception_ptr& thrown, const Request& request);

// The same of what has come out of an operation as a whole; throws it where its task was cancelled, or its client has
// gone.
[[nodiscard]] ResponseError error_of_answer(const std::exception_ptr& thrown, const Request& request);

// Of a value that does not fit its field, which is the program's fault, and no secret.
[[nodiscard]] ResponseError internal_error(std::string message);

}  // namespace bailey::graphql
