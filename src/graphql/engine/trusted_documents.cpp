#include <bailey/graphql/persisted.hpp>

#include <bailey/base/error.hpp>
#include <bailey/model/json.hpp>

#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::size_t max_file_bytes = 64UZ * 1024 * 1024;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error("invalid_setting", "The trusted documents in " + path.string() + ": " + what);
}

std::string text_of(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) refuse(path, "there is no such file");
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) refuse(path, "the file cannot be read");
  return text;
}

const json::string& member(const json::object& entry, std::string_view name, const std::filesystem::path& path) {
  const json::value* const found = entry.if_contains(name);
  if (found == nullptr || !found->is_string())
    refuse(path, "each of the operations has an \"id\" and a \"body\" that are strings");
  return found->get_string();
}

}  // namespace

TrustedDocuments read_trusted_documents(const std::filesystem::path& path) {
  auto parsed = try_parse_json(text_of(path), {.size_bytes = max_file_bytes});
  if (!parsed) refuse(path, "no JSON: " + parsed.error().reason + " at byte " + std::to_string(parsed.error().offset));
  const json::object* const given = parsed->if_object();
  if (given == nullptr) refuse(path, "an object from ids to documents is wanted");
  TrustedDocuments documents;
  if (const json::value* const format = given->if_contains("format");
      format != nullptr && *format == "apollo-persisted-query-manifest") {
    const json::value* const operations = given->if_contains("operations");
    if (operations == nullptr || !operations->is_array()) refuse(path, "a manifest has a list of \"operations\"");
    for (const json::value& each : operations->get_array()) {
      if (!each.is_object()) refuse(path, "each of the operations is an object");
      documents.emplace(member(each.get_object(), "id", path), member(each.get_object(), "body", path));
    }
    return documents;
  }
  for (const auto& [id, document] : *given) {
    if (!document.is_string()) refuse(path, "the document of \"" + std::string(id) + "\" is no string");
    documents.emplace(id, document.get_string());
  }
  return documents;
}

}  // namespace bailey::graphql
