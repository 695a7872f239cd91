#pragma once

#include <bailey/http/request.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// Conditional requests (RFC 9110 section 13) for a representation that has both validators.
namespace bailey::http {

struct Validators {
  std::string etag;  // with its quotes, strong: "abc", not W/"abc"
  std::chrono::sys_seconds last_modified;
};

enum class Precondition : std::uint8_t {
  holds,         // or there is none
  not_modified,  // 304: the client has it
  fails,         // 412
};

// For GET and HEAD. A date that cannot be read is as none.
[[nodiscard]] Precondition evaluate_preconditions(const Request& request, const Validators& validators);

// Whether Range is to be looked at: there is no If-Range, or it names just this representation.
[[nodiscard]] bool if_range_holds(const Request& request, const Validators& validators);

// Whether a list of entity tags has this one: "*" has them all. `etag` is strong; a weak tag of the list (W/"abc")
// equals it only in the weak comparison. What is malformed ends the list.
enum class EtagComparison : std::uint8_t { weak, strong };
[[nodiscard]] bool lists_etag(std::string_view list, std::string_view etag, EtagComparison comparison) noexcept;

}  // namespace bailey::http
