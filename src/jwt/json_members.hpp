#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bailey::jwt::detail {

// A value as a sink receives it: a scalar with its content, an array or object without.
struct MemberView {
  enum class Kind { null, boolean, integer, real, string, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view string;  // valid during the call
};

// Is told of the members of the outermost object. Either call may refuse the document with false.
class MemberSink {
 public:
  [[nodiscard]] virtual bool member(std::string_view name, const MemberView& value) = 0;
  // A value directly in the array that is member `name`; follows the call for the array itself.
  [[nodiscard]] virtual bool element(std::string_view name, const MemberView& value) = 0;

 protected:
  ~MemberSink() = default;
};

// Reads a document that is one JSON object (RFC 8259). False if it is not, if any object in it names a member twice
// (after escapes are resolved), if it is not UTF-8 or is nested more than 32 deep, if it has what PostgreSQL's jsonb
// cannot hold (U+0000, half a surrogate pair, a number beyond double's range), or if the sink refuses. That a member is
// named twice shows when its object ends: what the sink was told counts only once this has returned true. No DOM is
// built.
[[nodiscard]] bool read_members(std::string_view document, MemberSink& sink);

// The same check without a sink: whether the document is acceptable.
[[nodiscard]] bool is_strict_object(std::string_view document);

}  // namespace bailey::jwt::detail
