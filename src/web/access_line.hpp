#pragma once

#include <bailey/base/uuid.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// What the access log tells of a request.
struct AccessLine {
  std::chrono::sys_seconds time;
  std::string remote;
  std::string_view method;
  std::string_view target;  // as sent
  std::string_view route;   // the template; empty: none matched
  int version_minor = 1;
  int status = 200;
  std::chrono::microseconds duration{};
  std::optional<std::uint64_t> bytes;  // of the answer's body; nullopt: not known yet
  std::optional<Uuid> user_id;
  std::string_view request_id;
  std::string_view trace_id;  // empty: none
};

// 2026-11-23T14:05:09Z 127.0.0.1 - "GET /cards?limit=5 HTTP/1.1" 200 412us
// and " trace_id=…" where there is one
void append_text_line(std::string& out, const AccessLine& line);
// {"time":"2026-11-23T14:05:09Z","remote":"127.0.0.1","method":"GET","target":"/cards?limit=5","route":"/cards",
//  "status":200,"duration_us":412,"bytes":117,"user_id":"…","request_id":"…"}
void append_json_line(std::string& out, const AccessLine& line);

// Appends a request target with the values of secret query parameters replaced by ***, and so each name, value and
// segment of the path that holds a secret (secret_text.hpp). Every byte is escaped that could end a line, a quoted text
// or a terminal's patience.
void append_target(std::string& out, std::string_view target);

}  // namespace bailey::web_detail
