// What is encoded decodes to the same value, for many values made at random (from a fixed seed), and any text decodes
// to a value or to errors, never to anything else.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>

namespace bailey {
namespace {

enum class Colour { red, green, blue };

struct Leaf {
  std::int64_t whole;
  std::uint64_t natural;
  double real;
  float single;
  std::string text;
  bool flag;
  Colour colour;
  Uuid id;
  std::chrono::sys_time<std::chrono::microseconds> time;
  bool operator==(const Leaf&) const = default;
};
struct Node {
  Leaf leaf;
  std::optional<Leaf> other;
  std::vector<Node> children;
  std::map<std::string, std::int32_t> numbers;
  std::variant<std::int64_t, std::string, std::vector<bool>> any;
  Maybe<std::string> note;
  std::vector<std::byte> bytes;
  std::array<std::int8_t, 3> small;
  bool operator==(const Node&) const = default;
};

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  std::uint64_t number() { return random_() >> (random_() % 64); }

  std::string text() {
    static constexpr std::array<std::string_view, 12> pieces = {
        "a", "B ", "\"", "\\", "\n", std::string_view("\0", 1), "\x1f", "\x7f", "é", "€", "🦊", "plain text "};
    std::string made;
    for (std::uint64_t i = random_() % 8; i > 0; --i) made.append(pieces[random_() % pieces.size()]);
    return made;
  }

  template <class Real, class Bits>
  Real real() {
    while (true) {
      const Bits bits = static_cast<Bits>(random_());
      Real made = 0;
      std::memcpy(&made, &bits, sizeof made);
      if (std::isfinite(made)) return made;
    }
  }

  Leaf leaf() {
    Leaf made{};
    made.whole = static_cast<std::int64_t>(number()) * (random_() % 2 == 0 ? 1 : -1);
    made.natural = number();
    made.real = real<double, std::uint64_t>();
    made.single = real<float, std::uint32_t>();
    made.text = text();
    made.flag = random_() % 2 == 0;
    made.colour = static_cast<Colour>(random_() % 3);
    made.id = Uuid::random();
    made.time += std::chrono::microseconds(static_cast<std::int64_t>(random_() % 200'000'000'000'000'000) -
                                           50'000'000'000'000'000);
    return made;
  }

  Node node(int depth) {
    Node made;
    made.leaf = leaf();
    if (random_() % 2 == 0) made.other = leaf();
    if (depth > 0) {
      for (std::uint64_t i = random_() % 3; i > 0; --i) made.children.push_back(node(depth - 1));
    }
    for (std::uint64_t i = random_() % 3; i > 0; --i) made.numbers[text()] = static_cast<std::int32_t>(number());
    switch (random_() % 3) {
      case 0: made.any = static_cast<std::int64_t>(number() >> 1); break;
      case 1: made.any = text(); break;
      default: made.any = std::vector<bool>{true, false}; break;
    }
    switch (random_() % 3) {
      case 0: made.note = Maybe<std::string>::null(); break;
      case 1: made.note = text(); break;
      default: break;
    }
    for (std::uint64_t i = random_() % 5; i > 0; --i) made.bytes.push_back(static_cast<std::byte>(random_() & 0xFF));
    for (std::int8_t& small : made.small) small = static_cast<std::int8_t>(random_() & 0xFF);
    return made;
  }

 private:
  std::mt19937_64 random_;
};

TEST(RoundTrip, gives_the_same_value_and_the_same_text) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const Node made = Maker(seed).node(3);
    const std::string text = encode(made);
    const auto read = decode_json<Node>(text);
    ASSERT_TRUE(read) << seed << ": " << text << "\n" << to_json_text(read.error().to_json());
    ASSERT_TRUE(*read == made) << seed << ": " << text;
    ASSERT_EQ(encode(*read), text);
    ASSERT_TRUE(decode<Node>(parse_json(text).value()).value() == made);
  }
}

TEST(RoundTrip, survives_texts_that_were_damaged) {
  const std::string text = encode(Maker(7).node(2));
  std::mt19937_64 random(1);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    const std::size_t at = random() % damaged.size();
    switch (random() % 3) {
      case 0: damaged[at] = static_cast<char>(random() & 0xFF); break;
      case 1: damaged.erase(at, 1 + random() % 5); break;
      default: damaged.resize(at); break;
    }
    const auto read = decode_json<Node>(damaged);
    if (!read) {
      ++refused;
      ASSERT_FALSE(read.error().entries.empty());
      EXPECT_TRUE(try_parse_json(to_json_text(read.error().to_json())));
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace bailey
