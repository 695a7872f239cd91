#include <bailey/base/env.hpp>

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace bailey::env {
namespace {

Error missing(const char* name) {
  std::string message = "The environment variable ";
  message.append(name).append(" is not set. Set it, for example with: export ").append(name).append("=…");
  return Error("missing_setting", std::move(message), 500);
}

}  // namespace

std::optional<std::string> get(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::optional<Secret> get_secret(const char* name) {
  auto value = get(name);
  if (!value) return std::nullopt;
  return Secret(*std::move(value));
}

Expected<std::string> required(const char* name) {
  auto value = get(name);
  if (!value) return std::unexpected(missing(name));
  return *std::move(value);
}

Expected<Secret> required_secret(const char* name) {
  auto value = get_secret(name);
  if (!value) return std::unexpected(missing(name));
  return *std::move(value);
}

Expected<long long> integer(const char* name, long long fallback, long long least, long long most) {
  const auto value = get(name);
  if (!value) return fallback;
  long long number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc() && end == value->data() + value->size() && number >= least && number <= most) return number;
  std::string message = "The environment variable ";
  message.append(name).append(" must be a whole number from ");
  message.append(std::to_string(least)).append(" to ").append(std::to_string(most)).append(".");
  return std::unexpected(Error("invalid_setting", std::move(message), 500));
}

}  // namespace bailey::env
