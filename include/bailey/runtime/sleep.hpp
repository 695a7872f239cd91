#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>

namespace bailey {

// Suspends the task for at least `duration`. Cancelling the task ends it with boost::system::system_error.
[[nodiscard]] Task<> sleep_for(std::chrono::milliseconds duration);

}  // namespace bailey
