#include <bailey/base/secret.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string>
#include <utility>

namespace bailey {
namespace {

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };
static_assert(!Printable<Secret>);
static_assert(!std::convertible_to<Secret, std::string> && !std::convertible_to<std::string, Secret>);

TEST(Secret, gives_its_text_to_whoever_says_reveal) {
  const Secret secret(std::string("hunter2"));
  EXPECT_EQ(secret.reveal(), "hunter2");
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, compares_by_content) {
  const Secret secret(std::string("hunter2"));
  EXPECT_TRUE(secret.equals("hunter2"));
  for (const char* other : {"hunter3", "hunter", "hunter22", ""}) EXPECT_FALSE(secret.equals(other)) << other;
  EXPECT_TRUE(secret == Secret(std::string("hunter2")));
  EXPECT_TRUE(Secret().equals(""));
}

TEST(Secret, is_copied_and_moved_as_a_value) {
  for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
    Secret first{std::string(text)};
    Secret second = first;
    EXPECT_EQ(second.reveal(), text);
    Secret third = std::move(first);
    EXPECT_EQ(third.reveal(), text);
    EXPECT_TRUE(first.empty());  // NOLINT: what a moved-from secret holds is the point
    second = Secret(std::string("other"));
    third = second;
    EXPECT_EQ(third.reveal(), "other");
    Secret& same = third;
    third = same;
    EXPECT_EQ(third.reveal(), "other");
  }
}

TEST(Secret, leaves_nothing_in_what_it_was_moved_from) {
  Secret secret(std::string("hunter2"));  // short: its bytes lie within the object
  const Secret other = std::move(secret);
  EXPECT_EQ(other.reveal(), "hunter2");
  EXPECT_EQ(std::string(secret.reveal().data(), 7), std::string(7, '\0'));  // NOLINT: read after the move on purpose
}

TEST(Wipe, overwrites_the_whole_buffer) {
  std::string text(40, 's');
  text.resize(10);
  const char* bytes = text.data();
  const std::size_t capacity = text.capacity();
  wipe(text);
  EXPECT_TRUE(text.empty());
  ASSERT_EQ(text.data(), bytes);
  EXPECT_EQ(text.capacity(), capacity);
  text.resize(capacity, '\0');
  EXPECT_EQ(text.find('s'), std::string::npos);
}

TEST(ConstantTime, compares_bytes_beyond_nul) {
  EXPECT_FALSE(equal_in_constant_time({"a\0b", 3}, {"a\0c", 3}));
  EXPECT_TRUE(equal_in_constant_time({"a\0b", 3}, {"a\0b", 3}));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
}

}  // namespace
}  // namespace bailey
