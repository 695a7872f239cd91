#pragma once

#include <optional>
#include <string>

#include <bailey/base/error.hpp>
#include <bailey/base/secret.hpp>

// The process's environment. Read it at start-up: POSIX makes no promise to threads that read while another writes.
namespace bailey::env {

// The variable's value; nullopt when it is not set or empty, which shells and compose files do not tell apart.
[[nodiscard]] std::optional<std::string> get(const char* name);

// The same for what must not be printed.
[[nodiscard]] std::optional<Secret> get_secret(const char* name);

// The variable's value, or an Error with code "missing_setting" that names the variable and how to set it.
[[nodiscard]] Expected<std::string> required(const char* name);
[[nodiscard]] Expected<Secret> required_secret(const char* name);

// A whole number in the range, `fallback` when the variable is not set, or an Error with code "invalid_setting".
[[nodiscard]] Expected<long long> integer(const char* name, long long fallback, long long least, long long most);

}  // namespace bailey::env
