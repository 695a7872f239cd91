// What a type is on the wire, and that everything that walks types agrees on it: what is encoded meets its own schema.
#include <bailey/model/shape.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/pattern.hpp>
#include <bailey/model/schema.hpp>

namespace bailey {
namespace {

enum class Colour { red, green };
enum class Level { low = 1, high = 2 };  // with a text form of its own
struct Money {
  std::int64_t cents = 0;
  bool operator==(const Money&) const = default;
};
struct Point {
  int x = 1;
  std::optional<double> y;
  Maybe<std::string> note;
  bool operator==(const Point&) const = default;
};
struct Tree {
  std::string name;
  std::vector<Tree> children;
  std::unique_ptr<Tree> left;
};
struct Titled {
  std::string title = "a";
  operator std::string_view() const { return title; }  // NOLINT(google-explicit-constructor)
};
struct Empty {};
class Hidden {
  [[maybe_unused]] int number_ = 0;
};

}  // namespace

template <>
struct TextCodec<Money> {
  static std::string to_text(const Money& money) { return std::to_string(money.cents); }
  static std::expected<Money, std::string> from_text(std::string_view text) {
    if (text.empty()) return std::unexpected("No amount");
    return Money{static_cast<std::int64_t>(text.size())};
  }
  static constexpr std::string_view format = "money";
};
template <>
struct TextCodec<Level> {
  static std::string to_text(Level level) { return level == Level::low ? "-" : "+"; }
  static std::expected<Level, std::string> from_text(std::string_view text) {
    if (text == "-") return Level::low;
    if (text == "+") return Level::high;
    return std::unexpected("A level is + or -");
  }
};

namespace {

static_assert(shape_of<void> == Shape::null && shape_of<std::monostate> == Shape::null &&
              shape_of<std::nullptr_t> == Shape::null && shape_of<std::nullopt_t> == Shape::null);
static_assert(shape_of<bool> == Shape::boolean && shape_of<std::uint8_t> == Shape::integer &&
              shape_of<long long> == Shape::integer && shape_of<float> == Shape::real);
static_assert(shape_of<std::string> == Shape::text && shape_of<const char*> == Shape::text &&
              shape_of<std::string_view> == Shape::text && shape_of<const std::string> == Shape::text &&
              shape_of<char[5]> == Shape::text && shape_of<Titled> == Shape::text);
static_assert(shape_of<Secret> == Shape::secret && shape_of<Uuid> == Shape::uuid &&
              shape_of<std::chrono::sys_days> == Shape::date && shape_of<std::chrono::sys_seconds> == Shape::time);
static_assert(shape_of<Colour> == Shape::enumeration && shape_of<Money> == Shape::coded &&
              shape_of<Level> == Shape::coded);
static_assert(shape_of<std::vector<std::byte>> == Shape::bytes && shape_of<json::value> == Shape::json_value &&
              shape_of<json::object> == Shape::json_object && shape_of<json::array> == Shape::json_array);
static_assert(shape_of<std::optional<int>> == Shape::optional && shape_of<std::unique_ptr<Tree>> == Shape::optional &&
              shape_of<std::shared_ptr<const Tree>> == Shape::optional && shape_of<Maybe<int>> == Shape::maybe &&
              shape_of<std::variant<int>> == Shape::variant);
static_assert(shape_of<std::array<int, 2>> == Shape::array && shape_of<std::vector<bool>> == Shape::list &&
              shape_of<std::set<int>> == Shape::list && shape_of<std::span<const int>> == Shape::list);
static_assert(shape_of<std::map<std::string, int, std::less<>>> == Shape::map &&
              shape_of<std::unordered_map<std::string_view, int>> == Shape::map);
static_assert(shape_of<Point> == Shape::model && shape_of<Empty> == Shape::model);
static_assert(shape_of<char> == Shape::none && shape_of<char32_t> == Shape::none &&
              shape_of<long double> == Shape::none && shape_of<int*> == Shape::none &&
              shape_of<std::byte> == Shape::none && shape_of<Hidden> == Shape::none &&
              shape_of<std::pair<int, int>> == Shape::none && shape_of<std::filesystem::path> == Shape::none);

static_assert(std::same_as<ElementOf<std::shared_ptr<const Tree>>, Tree> &&
              std::same_as<ElementOf<std::vector<bool>>, bool> && std::same_as<ElementOf<Maybe<int>>, int> &&
              std::same_as<ElementOf<std::map<std::string, double>>, double>);

// As much of JSON Schema as ours says. A slow and obvious reading of the standard.
class Checker {
 public:
  explicit Checker(const json::object& root) : root_(root) {}

  bool accepts(const json::object& schema, const json::value& value) const {
    for (const auto& [key, rule] : schema) {
      if (!accepts(key, rule, schema, value)) return false;
    }
    return true;
  }

 private:
  static bool is_of(std::string_view type, const json::value& value) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }

  bool accepts(std::string_view key, const json::value& rule, const json::object& schema,
               const json::value& value) const {
    if (key == "$ref") {
      const std::string_view name = std::string_view(rule.as_string()).substr(std::string_view("#/$defs/").size());
      return accepts(root_.at("$defs").as_object().at(name).as_object(), value);
    }
    if (key == "type") return is_of(std::string_view(rule.as_string()), value);
    if (key == "enum") return std::ranges::find(rule.as_array(), value) != rule.as_array().end();
    if (key == "anyOf") {
      return std::ranges::any_of(rule.as_array(),
                                 [&](const json::value& one) { return accepts(one.as_object(), value); });
    }
    if (key == "items") {
      return !value.is_array() || std::ranges::all_of(value.get_array(), [&](const json::value& item) {
        return accepts(rule.as_object(), item);
      });
    }
    if (key == "minItems") return !value.is_array() || value.get_array().size() >= rule.to_number<std::size_t>();
    if (key == "maxItems") return !value.is_array() || value.get_array().size() <= rule.to_number<std::size_t>();
    if (key == "minimum") return !value.is_number() || value.to_number<double>() >= rule.to_number<double>();
    if (key == "maximum") return !value.is_number() || value.to_number<double>() <= rule.to_number<double>();
    if (key == "required") {
      return std::ranges::all_of(rule.as_array(), [&](const json::value& name) {
        return value.as_object().contains(std::string_view(name.as_string()));
      });
    }
    if (key == "properties") {
      return std::ranges::all_of(value.as_object(), [&](const auto& member) {
        return rule.as_object().contains(member.key()) &&
               accepts(rule.as_object().at(member.key()).as_object(), member.value());
      });
    }
    if (key == "additionalProperties") {
      return std::ranges::all_of(value.as_object(),
                                 [&](const auto& member) { return accepts(rule.as_object(), member.value()); });
    }
    if (key == "pattern") return !value.is_string() || Pattern(rule.as_string()).found_in(value.as_string());
    // What says nothing of the JSON alone.
    constexpr std::array<std::string_view, 5> notes{"format", "title", "contentEncoding", "$defs", "default"};
    EXPECT_TRUE(std::ranges::find(notes, key) != notes.end()) << key << " in " << to_json_text(schema);
    return true;
  }

  const json::object& root_;
};

template <class T>
void expect_met(const T& value) {
  const json::object described = schema<T>();
  const std::string text = encode(value);
  const auto written = try_parse_json(text);
  ASSERT_TRUE(written) << text;
  EXPECT_TRUE(Checker(described).accepts(described, *written)) << text << "\n" << to_json_text(described);
}

// A T, then what a T is put into.
template <class T>
void expect_met_in_containers(const T& value) {
  expect_met(value);
  expect_met(std::optional<T>(value));
  expect_met(std::optional<T>());
  expect_met(Maybe<T>(value));
  expect_met(Maybe<T>());
  expect_met(Maybe<T>::null());
  expect_met(std::make_shared<T>(value));
  expect_met(std::variant<std::monostate, T>(std::in_place_index<1>, value));
  expect_met(std::vector<T>{value, value});
  expect_met(std::list<T>{value});
  expect_met(std::array<T, 2>{value, value});
  expect_met(std::map<std::string, T>{{"a", value}});
  expect_met(
      std::map<std::string, std::vector<std::optional<T>>, std::less<>>{{"a", {value, std::nullopt}}, {"b", {}}});
}

TEST(Shape, of_every_kind_is_encoded_as_its_schema_says) {
  expect_met(nullptr);
  expect_met(std::nullopt);
  expect_met("literal");
  expect_met_in_containers(std::monostate());
  expect_met_in_containers(true);
  expect_met_in_containers(std::numeric_limits<std::uint64_t>::max());
  expect_met_in_containers(std::int8_t{-7});
  expect_met_in_containers(1.5F);
  expect_met_in_containers(1e300);
  expect_met_in_containers(std::string("text"));
  expect_met_in_containers(std::string_view("text"));
  expect_met_in_containers(Titled());
  expect_met_in_containers(Secret("hidden"));
  expect_met_in_containers(Uuid::random());
  expect_met_in_containers(std::chrono::sys_days());
  expect_met_in_containers(std::chrono::sys_time<std::chrono::microseconds>());
  expect_met_in_containers(Colour::green);
  expect_met_in_containers(Level::high);
  expect_met_in_containers(Money{5});
  expect_met_in_containers(std::vector<std::byte>{std::byte{1}});
  expect_met_in_containers(json::value(json::array{1, "a", nullptr}));
  expect_met_in_containers(json::object{{"a", 1}});
  expect_met_in_containers(json::array{1});
  expect_met_in_containers(std::variant<int, std::string, std::vector<int>>("text"));
  expect_met_in_containers(std::set<int>{1, 2});
  expect_met_in_containers(std::deque<bool>{true});
  expect_met_in_containers(std::unordered_map<std::string, int>{{"a", 1}});
  expect_met_in_containers(Point{.x = 2, .y = 1.5, .note = "note"});
  expect_met_in_containers(Point{.x = 2, .y = {}, .note = Maybe<std::string>::null()});
  expect_met_in_containers(Empty());
  Tree tree{.name = "a", .children = {}, .left = std::make_unique<Tree>(Tree{.name = "b", .children = {}, .left = {}})};
  tree.children.push_back(Tree{.name = "c", .children = {}, .left = {}});
  expect_met(tree);
}

TEST(Shape, checks_are_not_met_by_what_is_not_described) {
  const json::object described = schema<std::vector<Point>>();
  EXPECT_FALSE(Checker(described).accepts(described, parse_json(R"([{"x":"1"}])").value()));
  EXPECT_FALSE(Checker(described).accepts(described, parse_json(R"([{"y":1}])").value()));
}

TEST(Shape, of_an_enumeration_with_a_text_codec_is_what_the_codec_says) {
  EXPECT_EQ(encode(std::vector{Level::low, Level::high}), R"(["-","+"])");
  EXPECT_EQ(decode_json<Level>(R"("+")").value(), Level::high);
  EXPECT_EQ(decode_text<Level>("-").value(), Level::low);
  EXPECT_EQ(decode_json<Level>(R"("low")").error().entries.at(0).type, "value_error");
  EXPECT_EQ(to_json_text(schema<Level>()), R"({"type":"string"})");
}

TEST(Shape, of_a_secret_is_seen_through_every_container) {
  EXPECT_TRUE(detail::holds_secret<std::list<Secret>>);
  EXPECT_TRUE((detail::holds_secret<std::map<std::string, std::shared_ptr<Secret>, std::less<>>>));
  EXPECT_FALSE(detail::holds_secret<std::list<std::string>>);
}

}  // namespace
}  // namespace bailey
