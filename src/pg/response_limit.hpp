#pragma once

#include <bailey/base/error.hpp>

#include <cstddef>

namespace bailey::pg::detail {

// Error("response_too_large", 502): an answer of the database's was over `response_limit_bytes`, by whatever way it was
// asked. Its sentence is for the program, so no client is shown it.
class ResponseTooLarge final : public Error {
 public:
  explicit ResponseTooLarge(std::size_t limit_bytes);
};

}  // namespace bailey::pg::detail
