// A .env file as text: it must not crash, grow beyond its bound, or tell a place that is not in the text; a value that
// is written in single quotes reads back as it was.
#include "model/dotenv.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace bailey::detail;

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<std::string> home(std::string_view name) {
  return name == "HOME" ? std::optional<std::string>("/home") : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_dotenv(text, home);
  if (!parsed) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    require(parsed.error().line >= 1 && parsed.error().line <= lines);
    require(parsed.error().column >= 1 && parsed.error().column <= size + 1);
    return 0;
  }
  std::size_t total = 0;
  std::string written;
  Variables expected;
  for (const auto& [name, value] : *parsed) {
    total += value.size();
    if (value.find('\'') != std::string::npos) continue;
    written.append(name).append("='").append(value).append("'\n");
    expected.emplace_back(name, value);
  }
  require(total <= dotenv_limit_bytes);
  require(parse_dotenv(written, home) == expected);
  return 0;
}
