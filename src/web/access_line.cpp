#include "web/access_line.hpp"

#include <bailey/base/time_text.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace bailey::web_detail {

namespace {

constexpr std::array<std::string_view, 14> secret_names{
    "token",  "access_token", "refresh_token", "id_token", "provider_token", "token_hash", "jwt",
    "apikey", "api_key",      "key",           "secret",   "client_secret",  "code",       "password"};

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

bool is_secret(std::string_view name) {
  return std::ranges::any_of(secret_names, [&](std::string_view secret) {
    return http::detail::form_text_equals(name, secret, http::detail::Case::ignored);
  });
}

}  // namespace

void append_target(std::string& out, std::string_view target) {
  const std::size_t question = target.find('?');
  append_escaped(out, target.substr(0, question));
  if (question == std::string_view::npos) return;
  char separator = '?';
  http::detail::for_each_pair(target.substr(question + 1), [&](std::string_view name, std::string_view value) {
    out += separator;
    separator = '&';
    append_escaped(out, name);
    if (value.empty()) return;
    out += '=';
    if (is_secret(name)) {
      out += "***";
    } else {
      append_escaped(out, value);
    }
  });
}

void append_text_line(std::string& out, const AccessLine& line) {
  append_time(out, line.time);
  out += ' ';
  out += line.remote;
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
  out += R"(","status":)";
  append_number(out, line.status);
  out += R"(,"duration_us":)";
  append_number(out, line.duration.count());
  out += R"(,"request_id":")";
  out += line.request_id;
  if (!line.trace_id.empty()) out.append(R"(","trace_id":")").append(line.trace_id);
  out += "\"}\n";
}

}  // namespace bailey::web_detail
