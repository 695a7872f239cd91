#pragma once

#include "pg/flight.hpp"

#include <libpq-fe.h>

#include <memory>

namespace bailey::pg::detail {

struct FinishConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using ConnectionPtr = std::unique_ptr<PGconn, FinishConnection>;

struct FreeCancel {
  void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
};
using CancelPtr = std::unique_ptr<PGcancel, FreeCancel>;

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

// What a result, or the null that ends a step's results, means to the bookkeeping.
[[nodiscard]] Arrival arrival_of(const PGresult* result) noexcept;
// The size of the rows as they came, in DataRow messages.
[[nodiscard]] std::size_t row_bytes(const PGresult* result) noexcept;
[[nodiscard]] SqlErrorFields error_fields(const PGresult* result);
// Whether the server says that a kept plan no longer fits its table: an error in no user's words, told by its source.
[[nodiscard]] bool is_stale_plan(const PGresult* result) noexcept;

}  // namespace bailey::pg::detail
