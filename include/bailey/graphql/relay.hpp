#pragma once

#include <bailey/graphql/arg.hpp>
#include <bailey/graphql/id.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Relay's global object identification and its cursor connections
// (https://relay.dev/graphql/connections.htm), which Apollo's and urql's caches know, too.
namespace bailey::graphql {

// An ID that says of which type its object is: the text is the base64 of "Card:7", as Strawberry has it.
//
//   type.field("id", [](const Card& card) { return GlobalId{"Card", card.id.to_string()}; });
//   schema.query("node", [](Arg<"id", GlobalId> id, …) -> Task<std::optional<AnyOf<Node>>> { … });
struct GlobalId {
  std::string type = {};
  std::string id = {};

  friend auto operator<=>(const GlobalId&, const GlobalId&) = default;
};

// The interface of what has a global id: `type.implements<Node>()`.
struct Node {
  GlobalId id;
};

struct PageInfo {
  bool has_next_page = false;
  bool has_previous_page = false;
  std::optional<std::string> start_cursor = {};
  std::optional<std::string> end_cursor = {};
};
template <class T>
struct Edge {
  std::string cursor;
  T node;
};
// Of a Card, the type CardConnection.
template <class T>
struct Connection {
  PageInfo page_info = {};
  std::vector<Edge<T>> edges = {};
};

// The arguments `first`, `after`, `last` and `before` of a field that returns a Connection, as one parameter: a part of
// a list whose order stays as it is. A cursor is a place in it.
//
//   schema.query("cards", [](Supabase supabase, Slice<> slice) -> Task<Connection<Card>> {
//     co_return slice.rows(co_await supabase.from("cards").select<Card>().order("id")
//                              .range(slice.first_row(), slice.last_row()));
//   });
//
// Of `Most` items at most, and without `first` and `last` of as many. What is wrong with the arguments is an error of
// the field, BAD_USER_INPUT. Without `before`, `last` counts from the list's end, which `rows` does not know: it is
// refused there.
class SliceBounds {
 public:
  SliceBounds(std::optional<int> first, const std::optional<std::string>& after, std::optional<int> last,
              const std::optional<std::string>& before, int most);

  // Rows to be asked for, both included: those of the part, and the one behind it, which says whether there is more.
  [[nodiscard]] std::int64_t first_row() const;
  [[nodiscard]] std::int64_t last_row() const;

  // The part, of what these rows were.
  template <class T>
  [[nodiscard]] Connection<T> rows(std::vector<T> asked_for) const {
    const bool has_more = asked_for.size() > static_cast<std::size_t>(last_row() - first_row());
    if (has_more) asked_for.pop_back();
    return connection(std::move(asked_for), begin_, has_more);
  }
  // The part of a whole list.
  template <class T>
  [[nodiscard]] Connection<T> of(std::vector<T> all) const {
    const auto size = static_cast<std::int64_t>(all.size());
    const std::int64_t end = std::clamp<std::int64_t>(end_.value_or(size), 0, size);
    const std::int64_t begin = std::clamp<std::int64_t>(end_ ? begin_ : std::max(begin_, size - count_), 0, end);
    all.erase(all.begin() + end, all.end());
    all.erase(all.begin(), all.begin() + begin);
    return connection(std::move(all), begin, end < size);
  }

 private:
  [[nodiscard]] static std::string cursor_of(std::int64_t place);
  template <class T>
  [[nodiscard]] static Connection<T> connection(std::vector<T> items, std::int64_t begin, bool has_more) {
    Connection<T> made{.page_info = {.has_next_page = has_more, .has_previous_page = begin > 0}};
    made.edges.reserve(items.size());
    for (T& item : items) {
      made.edges.push_back({.cursor = cursor_of(begin), .node = std::move(item)});
      ++begin;
    }
    if (!made.edges.empty()) {
      made.page_info.start_cursor = made.edges.front().cursor;
      made.page_info.end_cursor = made.edges.back().cursor;
    }
    return made;
  }

  std::int64_t begin_ = 0;
  std::optional<std::int64_t> end_{};  // one behind; nothing: `count_` from the list's end
  std::int64_t count_ = 0;
};

template <int Most = 100>
class Slice
    : public SliceBounds,
      public ArgumentGroup<
          Arg<"first", std::optional<int>, Number{.ge = 0, .le = Most}>, Arg<"after", std::optional<std::string>>,
          Arg<"last", std::optional<int>, Number{.ge = 0, .le = Most}>, Arg<"before", std::optional<std::string>>> {
 public:
  Slice(const std::optional<int>& first, const std::optional<std::string>& after, const std::optional<int>& last,
        const std::optional<std::string>& before)
      : SliceBounds(first, after, last, before, Most) {}
};

}  // namespace bailey::graphql

namespace bailey {

template <>
struct TextCodec<graphql::GlobalId> {
  static constexpr bool is_graphql_id = true;
  static std::string to_text(const graphql::GlobalId& id);
  static std::expected<graphql::GlobalId, std::string> from_text(std::string_view text);
};

}  // namespace bailey
