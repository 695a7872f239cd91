#include "stack/auth/json_writer.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace bailey::stack::auth {
namespace {

// From here on JavaScript and Go write numbers with an exponent as well.
constexpr std::size_t digits_without_exponent = 21;

void append_number(std::string_view number, std::string& out) {
  const std::string_view sign = number.substr(0, number.starts_with('-') ? 1 : 0);
  const std::string_view digits = number.substr(sign.size());
  if (digits.size() <= digits_without_exponent || digits.find_first_of("eE") != std::string_view::npos) {
    out += number;
    return;
  }
  const std::size_t first = digits.find_first_not_of("0.");
  const std::size_t last = digits.find_last_not_of("0.");
  if (digits.find('.') == std::string_view::npos && first != std::string_view::npos) {
    out.append(sign).append(digits.substr(0, last + 1));
    if (last + 1 < digits.size()) out.append("e").append(std::to_string(digits.size() - last - 1));
  } else if (digits.starts_with("0.") && first != std::string_view::npos) {
    out.append(sign).append(digits.substr(first, last + 1 - first));
    out.append("e-").append(std::to_string(last - 1));
  } else {
    out += number;
  }
}

}  // namespace

std::string json_text(std::string_view value) { return boost::json::serialize(boost::json::string_view(value)); }

std::string compact_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    std::size_t end = i + 1;
    if (c == '"') {
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, json.size());
      out += json.substr(i, end - i);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      end = std::min(json.find_first_not_of("0123456789+-.eE", i), json.size());
      append_number(json.substr(i, end - i), out);
    } else if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
      out += c;
    }
    i = end;
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
