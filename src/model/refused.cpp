// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <bailey/model/model.hpp>

using namespace bailey;

struct Base {
  int x;
};
#if REFUSED == 1
struct Refused : Base {
  int y;
};
#elif REFUSED == 2
// [c_array]
struct Refused {
  int id;
  char text[16];
};
// [/c_array]
#elif REFUSED == 3
struct Refused {
  int& reference;
};
#elif REFUSED == 4
struct Refused {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5, c6, c7,
      c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5,
      f6, f7, f8, f9, g0, g1, g2, g3, one_too_many;
};
#elif REFUSED == 5
struct Refused {
  const int fixed = 1;
};
#elif REFUSED == 6
class Refused {
  [[maybe_unused]] int hidden_ = 0;
};
#elif REFUSED == 7
// [text_rule_on_number]
struct Refused {
  int number;

  static constexpr auto rules() { return fields(field<&Refused::number>(min_length(1))); }
};
// [/text_rule_on_number]
#elif REFUSED == 8
struct Refused {
  int first;
  int second;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::second>(name("first")));
#elif REFUSED == 9
struct Refused {
  std::string text;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Base::x>(ge(1)));
#elif REFUSED == 10
// [rule_twice]
struct Refused {
  std::string text;

  static constexpr auto rules() {
    return fields(field<&Refused::text>(max_length(5)), field<&Refused::text>(max_length(9)));
  }
};
// [/rule_twice]
#elif REFUSED == 11
struct Refused {
  int number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(ge(1), ge(1.5)));
#elif REFUSED == 12
struct Refused {
  std::array<int, 3> point;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::point>(max_items(2)));
#elif REFUSED == 13
struct Refused {
  std::vector<std::byte> picture;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::picture>(max_items(1000)));
#elif REFUSED == 14
struct Refused {
  std::string text;
};
template <>
constexpr auto bailey::rules<Refused> =
    fields(field<&Refused::text>(min_length(5)), field<&Refused::text>(max_length(4)));
#elif REFUSED == 15
enum class Reply { done = 200, moved = 301 };
template <>
constexpr auto bailey::enumerators<Reply> = std::array{Reply::done, static_cast<Reply>(300)};
struct Refused {
  Reply reply;
};
#elif REFUSED == 16
enum class Code { one = 1000, two = 2000 };
struct Refused {
  Code code;
};
#elif REFUSED == 17
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(gt(5), lt(5)));
#elif REFUSED == 18
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(ge(1), gt(100), lt(50)));
#elif REFUSED == 19
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(ge(5), lt(5)));
#elif REFUSED == 20
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(gt(5), le(5)));
#elif REFUSED == 21
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(ge(9007199254740993), le(9007199254740992)));
#elif REFUSED == 22
struct Refused {
  std::int64_t number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(multiple_of(0)));
#elif REFUSED == 23
struct Refused {
  double number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(multiple_of(-0.5)));
#elif REFUSED == 24 || REFUSED == 25
struct Refused {
  std::filesystem::path path;
};
#elif REFUSED == 26 || REFUSED == 27
struct Refused {
  long double number;
};
#elif REFUSED == 28
struct Refused {
  std::vector<std::string_view> texts;
};
#elif REFUSED == 29
struct Deadline {
  explicit Deadline(int given) : seconds(given) {}
  int seconds;
};
struct Refused {
  Deadline deadline;
};
static_assert(!bailey::detail::holds_view<Refused>());
#elif REFUSED == 30
struct Refused {
  std::array<int, 2> pair;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::pair>(unique_items));
#elif REFUSED == 31
struct Refused {
  int number;
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(not_null));
#elif REFUSED == 36
struct Refused {
  int number;
  int other;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1)), min_members(1), min_members(2)); }
};
#elif REFUSED == 37
struct Refused {
  int number;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1)), min_members(2)); }
};
#elif REFUSED == 38
struct Refused {
  std::uint8_t number;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(256))); }
};
#elif REFUSED == 39
struct Refused {
  int number;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1), le(2), multiple_of(3))); }
};
#elif REFUSED == 40
struct Refused {
  std::vector<bool> answers;
  static constexpr auto rules() { return fields(field<&Refused::answers>(unique_items, min_items(3))); }
};
#elif REFUSED == 41
struct Refused {
  Decimal price;
  static constexpr auto rules() { return fields(field<&Refused::price>(max_digits(5), decimal_places(2), ge(1000))); }
};
#elif REFUSED == 42
struct Refused {
  double price;
  static constexpr auto rules() { return fields(field<&Refused::price>(max_digits(5))); }
};
#elif REFUSED == 43
struct Refused {
  std::chrono::minutes length;
  static constexpr auto rules() { return fields(field<&Refused::length>(ge(3))); }
};
#elif REFUSED == 44
struct Refused {
  std::chrono::minutes length;
  static constexpr auto rules() { return fields(field<&Refused::length>(multiple_of(3))); }
};
#elif REFUSED == 45
struct Refused {
  int number;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1))); }
};
template <>
constexpr auto bailey::rules<Refused> = fields(field<&Refused::number>(ge(1)));
#elif REFUSED == 46
struct Refused {
  int number;
  constexpr auto rules() const { return fields(field<&Refused::number>(ge(1))); }
};
#elif REFUSED == 47
struct Refused {
  int number;
  static constexpr auto rules() { return field<&Refused::number>(ge(1)); }
};
#elif REFUSED == 48
struct Refused {
  unsigned number;
  static constexpr auto rules() { return fields(field<&Refused::number>(lt(0))); }
};
#elif REFUSED == 49
struct Refused {
  std::chrono::sys_days day;
  static constexpr auto rules() {
    return fields(field<&Refused::day>(ge(std::chrono::year(2030) / 1 / 1), lt(std::chrono::year(2030) / 1 / 1)));
  }
};
#elif REFUSED == 50
struct Refused {
  float number;
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1e300))); }
};
#elif REFUSED >= 32 && REFUSED <= 35
struct Patched {
  int number = 0;
  std::optional<int> maximum;
  std::string text;
};
struct Refused {
#if REFUSED == 32
  int number = 0;
#elif REFUSED == 33
  Maybe<std::int64_t> maximum;
#elif REFUSED == 34
  std::optional<double> number;
#elif REFUSED == 35
  std::optional<int> text;
#endif
};
#elif REFUSED == 51
struct Refused {
  int number;

 private:
  static constexpr auto rules() { return fields(field<&Refused::number>(ge(1))); }
};
#endif

int main() {
#if REFUSED == 24 || REFUSED == 26
  return encode(Refused{}).empty() ? 1 : 0;
#elif REFUSED == 25 || REFUSED == 27
  return schema<Refused>().empty() ? 1 : 0;
#elif REFUSED == 29
  return 0;
#elif REFUSED >= 32 && REFUSED <= 35
  Patched patched;
  apply_patch(patched, Refused{});
  return patched.number;
#else
  return decode_json<Refused>("{}") ? 0 : 1;
#endif
}
