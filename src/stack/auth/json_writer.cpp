#include "stack/auth/json_writer.hpp"

#include <boost/json.hpp>

namespace bailey::stack::auth {

std::string json_text(std::string_view value) { return boost::json::serialize(boost::json::string_view(value)); }

std::string compact_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string && c == '\\' && i + 1 < json.size()) {
      out += c;
      out += json[++i];
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (in_string || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) out += c;
  }
  return out;
}

void JsonObjectWriter::name(std::string_view name) {
  if (out_.size() > 1) out_ += ',';
  out_ += json_text(name);
  out_ += ':';
}

JsonObjectWriter& JsonObjectWriter::text(std::string_view member, std::string_view value) {
  name(member);
  out_ += json_text(value);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::number(std::string_view member, std::int64_t value) {
  name(member);
  out_ += std::to_string(value);
  return *this;
}

JsonObjectWriter& JsonObjectWriter::boolean(std::string_view member, bool value) {
  name(member);
  out_ += value ? "true" : "false";
  return *this;
}

JsonObjectWriter& JsonObjectWriter::raw(std::string_view member, std::string_view json) {
  name(member);
  out_ += json;
  return *this;
}

std::string JsonObjectWriter::finish() && { return std::move(out_) + "}"; }

std::string json_texts(const std::vector<std::string>& values) {
  std::string list = "[";
  for (const std::string& value : values) list += (list.size() > 1 ? "," : "") + json_text(value);
  return list + "]";
}

}  // namespace bailey::stack::auth
