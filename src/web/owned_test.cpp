#include <bailey/model/owned.hpp>

#include <bailey/model/json.hpp>
#include <bailey/model/maybe.hpp>
#include <bailey/web/parameters.hpp>
#include <bailey/web/results.hpp>

#include <gtest/gtest.h>

#include <array>
#include <expected>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace bailey {
namespace {

using detail::holds_view;

struct Owner {
  std::int64_t id;
  std::string name;
  std::optional<std::vector<std::string>> tags;
  std::map<std::string, json::value> more;
};
struct Looker {
  std::int64_t id;
  std::string_view name;
};
struct Deep {
  std::vector<std::optional<std::map<std::string, Looker>>> lookers;
};
struct Tree {
  std::string name;
  std::vector<Tree> children;
  std::unique_ptr<Tree> parent;
};
struct TreeOfViews {
  std::vector<TreeOfViews> children;
  std::span<const int> numbers;
};
template <class T>
struct Page {
  std::vector<T> items;
};
// A text of a fixed size, which owns what it says although it has nothing to give back.
class Code {
 public:
  [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }
  operator std::string_view() const { return text(); }  // NOLINT(google-explicit-constructor)

 private:
  std::array<char, 4> text_{'a', 'b', 'c', 'd'};
};

}  // namespace

template <>
inline constexpr bool is_view<Code> = false;

namespace {

// With a text form of their own they are no models.
template <class Held>
struct Coded {
  Held held;
};
struct Unreflectable {
  char text[4];
};

}  // namespace

template <class Held>
struct TextCodec<Coded<Held>> {
  static std::string to_text(const Coded<Held>& coded) { return std::string(coded.held); }
  static std::expected<Coded<Held>, std::string> from_text(std::string_view text) { return Coded<Held>{Held(text)}; }
};
template <>
struct TextCodec<Unreflectable> {
  static std::string to_text(const Unreflectable& coded) { return {coded.text, 4}; }
  static std::expected<Unreflectable, std::string> from_text(std::string_view) { return Unreflectable{}; }
};

namespace {

TEST(Owned, what_owns_its_value_may_be_returned) {
  EXPECT_FALSE(holds_view<int>());
  EXPECT_FALSE(holds_view<bool>());
  EXPECT_FALSE(holds_view<std::string>());
  EXPECT_FALSE(holds_view<Uuid>());
  EXPECT_FALSE(holds_view<Secret>());
  EXPECT_FALSE(holds_view<json::value>());
  EXPECT_FALSE(holds_view<json::object>());
  EXPECT_FALSE(holds_view<json::array>());
  EXPECT_FALSE(holds_view<json::string>());
  EXPECT_FALSE(holds_view<Owner>());
  EXPECT_FALSE(holds_view<Tree>());
  EXPECT_FALSE(holds_view<Page<Owner>>());
  EXPECT_FALSE((holds_view<std::array<int, 3>>()));
  EXPECT_FALSE((holds_view<std::array<Owner, 3>>()));
  EXPECT_FALSE((holds_view<std::pair<int, std::string>>()));
  EXPECT_FALSE((holds_view<std::variant<std::monostate, Owner, int>>()));
  EXPECT_FALSE(holds_view<std::shared_ptr<const Owner>>());
  EXPECT_FALSE(holds_view<std::vector<std::byte>>());
  EXPECT_FALSE(holds_view<std::chrono::sys_days>());
  EXPECT_FALSE((holds_view<std::expected<Owner, Error>>()));
  EXPECT_FALSE(holds_view<Created<Owner>>());
  EXPECT_FALSE(holds_view<http::Response>());
  EXPECT_FALSE(holds_view<NoContent>());
  EXPECT_FALSE(holds_view<std::filesystem::path>());
  EXPECT_FALSE((holds_view<std::unique_ptr<Owner, void (*)(Owner*)>>()));
  EXPECT_FALSE(holds_view<Coded<std::string>>());
  EXPECT_FALSE(holds_view<Unreflectable>());
  EXPECT_FALSE(holds_view<Code>()) << "its owner says so";
}

TEST(Owned, what_looks_at_something_else_may_not_however_deep) {
  EXPECT_TRUE(holds_view<std::string_view>());
  EXPECT_TRUE(holds_view<json::string_view>());
  EXPECT_TRUE(holds_view<std::span<const int>>());
  EXPECT_TRUE((holds_view<std::span<int, 4>>()));
  EXPECT_TRUE(holds_view<const char*>());
  EXPECT_TRUE(holds_view<Owner*>());
  EXPECT_TRUE(holds_view<std::initializer_list<int>>());
  EXPECT_TRUE(holds_view<std::reference_wrapper<const Owner>>());
  EXPECT_TRUE(holds_view<Looker>());
  EXPECT_TRUE(holds_view<Coded<std::string_view>>());
  EXPECT_TRUE(holds_view<std::vector<Coded<std::string_view>>>());
  EXPECT_TRUE(holds_view<Deep>());
  EXPECT_TRUE(holds_view<TreeOfViews>());
  EXPECT_TRUE(holds_view<Page<Looker>>());
  EXPECT_TRUE(holds_view<Body>());
  EXPECT_TRUE(holds_view<Created<std::string_view>>());
  EXPECT_TRUE(holds_view<std::optional<std::string_view>>());
  EXPECT_TRUE(holds_view<std::vector<const char*>>());
  EXPECT_TRUE((holds_view<std::array<std::string_view, 2>>()));
  EXPECT_TRUE((holds_view<std::map<std::string, std::string_view>>()));
  EXPECT_TRUE((holds_view<std::map<std::string_view, int>>()));
  EXPECT_TRUE((holds_view<std::variant<int, Looker>>()));
  EXPECT_TRUE((holds_view<std::tuple<int, std::span<const std::byte>>>()));
  EXPECT_TRUE((holds_view<std::pair<const int, const char*>>()));
  EXPECT_TRUE((holds_view<std::expected<std::string_view, Error>>()));
  EXPECT_TRUE(holds_view<std::unique_ptr<Looker>>());
  EXPECT_TRUE(holds_view<std::shared_ptr<Looker>>());
  EXPECT_TRUE(holds_view<Maybe<std::string_view>>());
  EXPECT_TRUE(holds_view<std::pmr::string>());
  EXPECT_TRUE(holds_view<std::vector<std::pmr::vector<int>>>());
  EXPECT_TRUE(holds_view<std::ranges::ref_view<std::vector<int>>>());
  EXPECT_TRUE((holds_view<decltype(std::declval<std::vector<int>&>() | std::views::take(2))>()));
}

}  // namespace
}  // namespace bailey
