// Strangers' requests to the REST dialect: the first line is method, path and Prefer, separated by blanks; the second
// the query string; the rest the body. What parses must print and parse again to the same query, and must compile
// without anything but an error of its own kinds.
#include <bailey/query/compile.hpp>
#include <bailey/query/parse.hpp>
#include <bailey/query/print.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace bailey::query;

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

const SchemaCache& schema() {
  static const SchemaCache cache({"public"}, {{.schema = "public",
                                               .name = "t",
                                               .columns = {{.name = "id", .type = "int4", .base_type = "int4"},
                                                           {.name = "data", .type = "jsonb", .base_type = "jsonb"}},
                                               .primary_key = {"id"}}});
  return cache;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  RequestParts request;
  std::string_view line = take_until(text, '\n');
  request.method = take_until(line, ' ');
  request.path = take_until(line, ' ');
  request.headers.emplace_back("Prefer", line);
  request.query = take_until(text, '\n');
  request.body = text;
  auto query = parse(request);
  if (!query) return 0;
  const auto again = parse(print(*query));
  if (!again || *again != *query) std::abort();
  query->relation = "t";
  const auto compiled = compile(*query, schema());
  if (compiled && compiled->sql.find('\0') != std::string::npos) std::abort();
  return 0;
}
