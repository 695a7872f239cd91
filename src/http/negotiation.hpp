#pragma once

#include <bailey/http/content_coding.hpp>
#include <bailey/http/request.hpp>

#include <array>
#include <optional>
#include <span>
#include <string_view>

// What a client would rather have: lists whose members carry weights (RFC 9110 section 12.4.2), as Accept and
// Accept-Encoding are.
namespace bailey::http {

// The next member of such a list, taken off its front; nullopt at the end. Members that are empty, or whose weight is
// malformed, are passed over.
struct WeightedMember {
  std::string_view name;  // in any case
  int weight;             // in thousandths; 0: not acceptable
};
[[nodiscard]] std::optional<WeightedMember> next_weighted(std::string_view& list) noexcept;

// What a request says of codings in all its Accept-Encoding fields. Without one no coding is acceptable: a client that
// can decode says so.
class AcceptedCodings {
 public:
  AcceptedCodings() = default;
  explicit AcceptedCodings(const Request& request);
  void read(std::string_view field) noexcept;

  // In thousandths; 0: not acceptable.
  [[nodiscard]] int weight(ContentCoding coding) const noexcept;
  // The heaviest of those offered, the first of them where they weigh the same; nullopt when none is acceptable, or the
  // client would rather have the body as it is.
  [[nodiscard]] std::optional<ContentCoding> best_of(std::span<const ContentCoding> offered) const noexcept;

 private:
  std::array<std::optional<int>, 3> weights_;
  std::optional<int> others_;  // "*"
  std::optional<int> identity_;
};

// Whether Accept asks for a page, as a browser that follows a link does, and a script or an image it loads does not.
[[nodiscard]] bool accepts_html(const Request& request) noexcept;

}  // namespace bailey::http
