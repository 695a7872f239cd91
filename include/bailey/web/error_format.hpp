#pragma once

#include <cstdint>

namespace bailey {

// How the errors of an app are told to its clients.
enum class ErrorFormat : std::uint8_t {
  detail,   // application/json {"detail": …}, as FastAPI has it
  problem,  // application/problem+json, RFC 9457: type, title, status, detail, request_id; of a 422 also errors
};

}  // namespace bailey
