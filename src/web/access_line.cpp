#include "web/access_line.hpp"

#include <bailey/base/time_text.hpp>
#include "http/form_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace bailey::web_detail {

namespace {

constexpr std::array<std::string_view, 28> secret_names{"token",
                                                        "access_token",
                                                        "refresh_token",
                                                        "id_token",
                                                        "provider_token",
                                                        "provider_refresh_token",
                                                        "auth_token",
                                                        "session_token",
                                                        "csrf_token",
                                                        "token_hash",
                                                        "invite_token",
                                                        "reset_token",
                                                        "jwt",
                                                        "apikey",
                                                        "api_key",
                                                        "api-key",
                                                        "key",
                                                        "secret",
                                                        "client_secret",
                                                        "code",
                                                        "password",
                                                        "passwd",
                                                        "otp",
                                                        "authorization",
                                                        "auth",
                                                        "session",
                                                        "signature",
                                                        "x-amz-signature"};

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

// A JSON Web Token, whatever the parameter is called: a JSON object in base64url, and two dots.
bool is_token(std::string_view value) { return value.starts_with("eyJ") && std::ranges::count(value, '.') >= 2; }

bool is_secret(std::string_view name, std::string_view value) {
  if (is_token(value)) return true;
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
    if (is_secret(name, value)) {
      out += "***";
    } else {
      append_escaped(out, value);
    }
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
