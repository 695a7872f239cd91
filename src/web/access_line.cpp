#include "web/access_line.hpp"

#include <bailey/base/time_text.hpp>
#include "http/form_text.hpp"
#include "web/secret_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace bailey::web_detail {

namespace {

constexpr std::string_view masked = "***";

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// What is not plain ASCII becomes %XX, which is valid in a target and harmless in text and JSON.
void append_escaped(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (c > 0x20 && c < 0x7F && c != '"' && c != '\\') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
}

// What may be missing, in quotes.
void append_json_or_null(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += "null";
    return;
  }
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_unless_secret(std::string& out, std::string_view part) {
  if (holds_secret(part))
    out += masked;
  else
    append_escaped(out, part);
}

}  // namespace

void append_target(std::string& out, std::string_view target) {
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    append_unless_secret(out, path.substr(0, slash));
    out += '/';
    path.remove_prefix(slash + 1);
  }
  append_unless_secret(out, path);
  if (question == std::string_view::npos) return;
  char separator = '?';
  http::detail::for_each_pair(target.substr(question + 1), [&](std::string_view name, std::string_view value) {
    out += separator;
    separator = '&';
    append_unless_secret(out, name);
    if (value.empty()) return;
    out += '=';
    if (is_secret_name(name))
      out += masked;
    else
      append_unless_secret(out, value);
  });
}

void append_text_line(std::string& out, const AccessLine& line) {
  append_time(out, line.time);
  out += ' ';
  append_escaped(out, line.remote);
  out += " - \"";
  append_escaped(out, line.method);
  out += ' ';
  append_target(out, line.target);
  out += line.version_minor == 0 ? " HTTP/1.0\" " : " HTTP/1.1\" ";
  append_number(out, line.status);
  out += ' ';
  append_number(out, line.duration.count());
  out += "us";
  if (!line.trace_id.empty()) out.append(" trace_id=").append(line.trace_id);
  out += '\n';
}

void append_json_line(std::string& out, const AccessLine& line) {
  out += R"({"time":")";
  append_time(out, line.time);
  out += R"(","remote":")";
  append_escaped(out, line.remote);
  out += R"(","method":")";
  append_escaped(out, line.method);
  out += R"(","target":")";
  append_target(out, line.target);
  out += R"(","route":)";
  append_json_or_null(out, line.route);
  out += R"(,"status":)";
  append_number(out, line.status);
  out += R"(,"duration_us":)";
  append_number(out, line.duration.count());
  out += R"(,"bytes":)";
  if (line.bytes) {
    append_number(out, static_cast<std::int64_t>(*line.bytes));
  } else {
    out += "null";
  }
  out += R"(,"user_id":)";
  if (line.user_id) {
    out += '"';
    line.user_id->append_to(out);
    out += '"';
  } else {
    out += "null";
  }
  out += R"(,"request_id":")";
  append_escaped(out, line.request_id);
  if (!line.trace_id.empty()) out.append(R"(","trace_id":")").append(line.trace_id);
  out += "\"}\n";
}

}  // namespace bailey::web_detail
