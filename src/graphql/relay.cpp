#include <bailey/graphql/relay.hpp>

#include <bailey/base/base64url.hpp>
#include <bailey/base/utf8.hpp>
#include <bailey/graphql/error.hpp>

#include <charconv>

namespace bailey {
namespace graphql {
namespace {

// As graphql-relay has it, so that cursors of servers that do, too, go on being understood.
constexpr std::string_view prefix = "arrayconnection:";

[[noreturn]] void refuse(std::string message) { throw GraphQLError(std::move(message), {.code = "BAD_USER_INPUT"}); }

std::int64_t place_of(std::string_view argument, const std::string& cursor) {
  const auto text = base64_decode(cursor);
  std::int64_t place = 0;
  if (text && text->starts_with(prefix)) {
    const char* const end = text->data() + text->size();
    const auto [stop, fault] = std::from_chars(text->data() + prefix.size(), end, place);
    // So far that sums of it are numbers still.
    if (fault == std::errc() && stop == end && place >= 0 && place < std::int64_t{1} << 53) return place;
  }
  refuse("Argument " + std::string(argument) + ": this is no cursor of the list");
}

}  // namespace

SliceBounds::SliceBounds(std::optional<int> first, const std::optional<std::string>& after, std::optional<int> last,
                         const std::optional<std::string>& before, int most) {
  if (first && last) refuse("Of the arguments first and last, one is given");
  count_ = first ? *first : last ? *last : most;
  if (after) begin_ = place_of("after", *after) + 1;
  if (before) end_ = std::max(place_of("before", *before), begin_);
  if (last && !end_) return;
  if (last) {
    begin_ = std::max(begin_, *end_ - count_);
  } else {
    end_ = std::min(end_.value_or(begin_ + count_), begin_ + count_);
  }
}

std::int64_t SliceBounds::first_row() const {
  if (!end_) refuse("Argument last: this list is not counted from its end, so give before as well");
  return begin_;
}
std::int64_t SliceBounds::last_row() const { return first_row() + (*end_ - begin_); }

std::string SliceBounds::cursor_of(std::int64_t place) {
  return base64_encode(std::string(prefix) + std::to_string(place));
}

}  // namespace graphql

std::string TextCodec<graphql::GlobalId>::to_text(const graphql::GlobalId& id) {
  return base64_encode(id.type + ":" + id.id);
}

std::expected<graphql::GlobalId, std::string> TextCodec<graphql::GlobalId>::from_text(std::string_view text) {
  const auto decoded = base64_decode(text);
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  // What is in it may be said in an answer or asked of a database: text, as the rest of a request is.
  const bool is_text = decoded && detail::is_utf8(*decoded) && !decoded->contains('\0');
  if (!is_text || colon == std::string::npos || colon == 0) return std::unexpected("This is no global ID");
  return graphql::GlobalId{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

}  // namespace bailey
