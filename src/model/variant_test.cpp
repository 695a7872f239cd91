// Which alternative a value is, and how many steps it takes to find that out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

// Counts how often it is read.
struct Step {
  std::string text;
  static inline int count = 0;
};

// Two alternatives that cannot be told apart before all that is in them was read.
struct Node;
struct Sum {
  Step step;
  std::vector<Node> of;
  std::int64_t plus;
};
struct Product {
  Step step;
  std::vector<Node> of;
  std::int64_t times;
};
struct Node {
  std::variant<std::int64_t, Sum, Product> node;
};

// The same with checks of the whole object, which need what is in it.
struct CheckedNode;
struct CheckedSum {
  Step step;
  std::vector<CheckedNode> of;
  std::int64_t plus;
};
struct CheckedProduct {
  Step step;
  std::vector<CheckedNode> of;
  std::int64_t times;
};
struct CheckedNode {
  std::variant<std::int64_t, CheckedSum, CheckedProduct> node;
};
std::optional<std::string> holds_numbers_or_products(const CheckedProduct& product) {
  for (const CheckedNode& each : product.of) {
    if (std::holds_alternative<CheckedSum>(each.node)) return "A product is of no sum";
  }
  return std::nullopt;
}

// What JSON itself is: every kind has one alternative at most.
struct Any {
  std::variant<std::monostate, bool, double, std::string, std::vector<Any>, std::map<std::string, Any>> any;
};

}  // namespace

template <>
struct TextCodec<Step> {
  static std::string to_text(const Step& step) { return step.text; }
  static std::expected<Step, std::string> from_text(std::string_view text) {
    ++Step::count;
    return Step{std::string(text)};
  }
};
template <>
constexpr auto rules<CheckedProduct> =
    fields(field<&CheckedProduct::of>(min_items(1)), check<holds_numbers_or_products>());

namespace {

constexpr JsonLimits deep{.depth = 256};

// Products in products; `innermost` is a node's value.
std::string products(int depth, std::string_view innermost) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += R"({"node":{"step":"x","of":[)";
  text += R"({"node":)" + std::string(innermost) + "}";
  for (int i = 0; i < depth; ++i) text += R"(],"times":2}})";
  return text;
}

template <class T>
Decoded<T> read_counted(const std::string& text, Conversion conversion) {
  Step::count = 0;
  return decode_json<T>(text, {"body"}, deep, conversion);
}

class Variants : public testing::TestWithParam<Conversion> {};
INSTANTIATE_TEST_SUITE_P(Strict, Variants, testing::Values(Conversion::none));
INSTANTIATE_TEST_SUITE_P(Lenient, Variants, testing::Values(Conversion::lenient));

TEST_P(Variants, that_contain_themselves_are_read_in_a_number_of_steps_linear_in_the_depth) {
  const std::string text = products(30, "7");
  const auto read = read_counted<Node>(text, GetParam());
  ASSERT_TRUE(read) << to_json_text(read.error().to_json());
  EXPECT_EQ(encode(*read), text);
  EXPECT_LE(Step::count, 3 * 30);
}

TEST_P(Variants, that_contain_themselves_are_refused_in_a_number_of_steps_linear_in_the_depth) {
  const auto read = read_counted<Node>(products(30, R"("seven")"), GetParam());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().entries.size(), validation_error_limit);
  const auto depth = [](const ValidationError& error) { return error.loc.size(); };
  EXPECT_EQ(std::ranges::max(read.error().entries, {}, depth).loc.size(), 30 * 4 + 3);
  EXPECT_LE(Step::count, 10 * 30 + static_cast<int>(validation_error_limit) * 2);
}

TEST_P(Variants, below_checks_of_whole_objects_take_a_number_of_steps_quadratic_in_the_depth) {
  const std::string text = products(30, "7");
  const auto read = read_counted<CheckedNode>(text, GetParam());
  ASSERT_TRUE(read) << to_json_text(read.error().to_json());
  EXPECT_EQ(encode(*read), text);
  EXPECT_LE(Step::count, 3 * 30 * 30);
}

TEST_P(Variants, are_seen_by_the_checks_of_what_contains_them) {
  const auto read = read_counted<CheckedNode>(products(2, R"({"step":"x","of":[],"plus":1})"), GetParam());
  ASSERT_FALSE(read);
  const auto is_the_check = [](const ValidationError& error) {
    return error.msg == "Value error, A product is of no sum";
  };
  EXPECT_EQ(std::ranges::count_if(read.error().entries, is_the_check), 2);
}

TEST(Variants, with_an_alternative_for_each_kind_need_no_decision) {
  std::string text = R"({"any":[{"any":"leaf"},{"any":1.5},{"any":true},{"any":null}]})";
  for (int i = 0; i < 40; ++i) text = R"({"any":{"key":)" + text + "}}";
  const auto read = decode_json<Any>(text, {}, deep, Conversion::lenient);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode(*read), text);
}

// The slow and obvious way, one level deep: each alternative by itself, as it is, and then converted.
template <class... T>
Decoded<std::variant<T...>> read_plainly(const json::value& value, const std::vector<std::string>& names,
                                         Conversion conversion, std::type_identity<std::variant<T...>>) {
  std::optional<std::variant<T...>> found;
  ValidationErrors errors;
  std::size_t name = 0;
  const auto attempt = [&]<class A>(std::type_identity<A>, Conversion under) {
    if (found) return;
    auto read = decode<A>(value, {"body", names[name++]}, {}, under);
    if (read) {
      found.emplace(*std::move(read));
    } else {
      errors.append(std::move(read).error());
    }
  };
  (attempt(std::type_identity<T>(), Conversion::none), ...);
  if (!found && conversion == Conversion::lenient) {
    errors = {};
    name = 0;
    (attempt(std::type_identity<T>(), Conversion::lenient), ...);
  }
  if (!found) return std::unexpected(std::move(errors));
  return *std::move(found);
}

class Documents {
 public:
  explicit Documents(std::uint32_t seed) : random_(seed) {}

  json::value node(int depth) { return json::object{{"node", value(depth)}}; }
  json::value value(int depth) {
    switch (depth > 0 ? random_() % 8 : random_() % 4) {
      case 0: return 7;
      case 1: return "7";
      case 2: return nullptr;
      case 3: return json::array{};
      default: break;
    }
    json::object made;
    if (random_() % 8 != 0) made["step"] = "x";
    json::array of;
    for (std::uint64_t i = random_() % 3; i > 0; --i) of.push_back(node(depth - 1));
    made["of"] = std::move(of);
    if (random_() % 2 == 0) made["plus"] = random_() % 2 == 0 ? json::value(1) : json::value("1");
    if (random_() % 2 == 0) made["times"] = random_() % 2 == 0 ? json::value(1) : json::value(true);
    return made;
  }

 private:
  std::mt19937_64 random_;
};

TEST_P(Variants, are_what_the_slow_and_obvious_way_finds) {
  const auto compare = [&]<class V>(const json::value& value, const std::vector<std::string>& names,
                                    std::type_identity<V> type) {
    const auto read = decode<V>(value, {"body"}, {}, GetParam());
    const auto expected = read_plainly(value, names, GetParam(), type);
    ASSERT_EQ(read.has_value(), expected.has_value()) << to_json_text(value);
    if (read) {
      EXPECT_EQ(read->index(), expected->index()) << to_json_text(value);
      EXPECT_EQ(encode(*read), encode(*expected));
    } else {
      EXPECT_EQ(to_json_text(read.error().to_json()), to_json_text(expected.error().to_json()));
    }
  };
  int fitting = 0;
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    const json::value value = Documents(seed).value(4);
    compare(value, {"int", "Sum", "Product"}, std::type_identity<decltype(Node::node)>());
    compare(value, {"int", "CheckedSum", "CheckedProduct"}, std::type_identity<decltype(CheckedNode::node)>());
    compare(value, {"Sum", "str"}, std::type_identity<std::variant<Sum, std::string>>());
    if (decode<decltype(Node::node)>(value, {}, {}, GetParam())) ++fitting;
  }
  EXPECT_GT(fitting, 50);
  EXPECT_LT(fitting, 300);
}

}  // namespace
}  // namespace bailey
