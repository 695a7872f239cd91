#include <bailey/model/reflect.hpp>

#include <gtest/gtest.h>

#include <any>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bailey/model/members.hpp>

namespace bailey {
namespace {

struct Empty {};
struct Inner {
  int x;
  int y;
};
struct Mixed {
  std::int64_t id;
  std::string full_name = "none";
  std::optional<std::string> website;
  std::vector<Mixed> children;
  const int fixed = 3;
  std::array<int, 3> sides;
  Inner inner;
  std::any anything;
  std::unique_ptr<int> owned;
  std::string_view view;
  bool delete_;
  int größe;
};
template <class T>
struct Page {
  std::vector<T> items;
  int total;
};
struct Sixty4 {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5, c6, c7,
      c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5,
      f6, f7, f8, f9, g0, g1, g2, g3;
};
class WithConstructor {
 public:
  explicit WithConstructor(int) {}
};
class WithPrivate {
  [[maybe_unused]] int hidden_ = 0;
};

static_assert(Model<Empty> && Model<Mixed> && Model<Page<int>> && Model<Sixty4>);
static_assert(!Model<int> && !Model<std::string> && !Model<std::array<int, 2>> && !Model<std::vector<int>>);
static_assert(!Model<WithConstructor> && !Model<WithPrivate> && !Model<std::optional<int>>);

static_assert(member_count<Empty> == 0);
static_assert(member_count<Mixed> == 12);
static_assert(member_count<Page<Inner>> == 2);
static_assert(member_count<Sixty4> == 64);

static_assert(std::is_same_v<MemberType<Mixed, 1>, std::string>);
static_assert(std::is_same_v<MemberType<Mixed, 3>, std::vector<Mixed>>);
static_assert(std::is_same_v<MemberType<Mixed, 6>, Inner>);

TEST(Reflect, finds_names_in_the_order_of_declaration) {
  const std::vector<std::string_view> expected = {"id",    "full_name", "website", "children", "fixed",   "sides",
                                                  "inner", "anything",  "owned",   "view",     "delete_", "größe"};
  EXPECT_TRUE(std::ranges::equal(member_names<Mixed>, expected));
  EXPECT_EQ(member_names<Sixty4>[0], "a0");
  EXPECT_EQ(member_names<Sixty4>[63], "g3");
}

TEST(Reflect, drops_the_mark_of_keywords_on_the_wire) { EXPECT_EQ(wire_names<Mixed>[10], "delete"); }

TEST(Reflect, knows_local_types) {
  struct Local {
    int first;
    std::string second;
  };
  EXPECT_EQ(member_names<Local>[1], "second");
  EXPECT_EQ(type_name<Local>, "Local");
}

TEST(Reflect, names_types_without_namespaces) {
  EXPECT_EQ(type_name<Inner>, "Inner");
  EXPECT_TRUE(type_name<Page<Inner>>.starts_with("Page<"));
  EXPECT_EQ(type_name<int>, "int");
}

TEST(Reflect, visits_members_in_place) {
  Inner inner{1, 2};
  std::string order;
  for_each_member(inner, [&]<std::size_t I>(int& member) {
    member *= 10;
    order.append(member_names<Inner>[I]);
  });
  EXPECT_EQ(order, "xy");
  EXPECT_EQ(inner.x, 10);
  EXPECT_EQ(inner.y, 20);
}

}  // namespace
}  // namespace bailey
