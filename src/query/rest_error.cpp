#include <bailey/query/rest_error.hpp>

#include <bailey/base/utf8.hpp>

#include <boost/json.hpp>

namespace bailey::query {
namespace {

// PostgreSQL hands on whatever bytes a library of an extension has put into a message.
void append_member(std::string& out, std::string_view key, const std::optional<std::string>& value) {
  out.append("\"").append(key).append("\":");
  out += value ? boost::json::serialize(boost::json::string(detail::to_utf8(*value))) : "null";
}

}  // namespace

std::string RestError::to_json() const {
  std::string out = "{";
  append_member(out, "code", code());
  out += ',';
  append_member(out, "details", details_);
  out += ',';
  append_member(out, "hint", hint_);
  out += ',';
  append_member(out, "message", message());
  return out + '}';
}

}  // namespace bailey::query
