#pragma once

#include <exception>

namespace bailey {

// What `main` does with an error that nobody else could handle, one of starting up for example: prints the program's
// name and the error's sentence to standard error, in one line, and returns the exit status of a failure, 1.
//
//   int main() try { … } catch (const std::exception& error) { return bailey::failed(error); }
[[nodiscard]] int failed(const std::exception& error) noexcept;

}  // namespace bailey
