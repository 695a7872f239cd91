#include <bailey/base/uuid.hpp>

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace bailey {
namespace {

constexpr const char* text = "123e4567-e89b-12d3-a456-426614174000";

TEST(Uuid, reads_hyphens_or_none_in_any_case) {
  for (const char* form : {"123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000",
                           "123e4567e89b12d3a456426614174000"}) {
    const auto uuid = Uuid::parse(form);
    ASSERT_TRUE(uuid) << form;
    EXPECT_EQ(uuid->to_string(), text);
  }
}

TEST(Uuid, refuses_everything_else) {
  for (const std::string& form :
       {std::string(), std::string("{123e4567-e89b-12d3-a456-426614174000}"),
        std::string("urn:uuid:123e4567-e89b-12d3-a456-426614174000"),
        std::string("123e4567-e89b-12d3-a456-42661417400"), std::string("123e4567-e89b-12d3-a456-42661417400g"),
        std::string("123e4567e-89b-12d3-a456-426614174000"), std::string("123e4567-e89b12d3-a456--426614174000"),
        std::string("123e4567-e89b-12d3-a456-4266141740 0"), std::string(36, '-'), std::string(32, '-'),
        std::string(32, '\0')}) {
    EXPECT_FALSE(Uuid::parse(form)) << form;
  }
}

TEST(Uuid, has_hexadecimal_digits_and_no_other_byte_wherever_it_stands) {
  const std::string plain = "123e4567e89b12d3a456426614174000";
  for (std::size_t place = 0; place < plain.size(); ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string form = plain;
      form[place] = static_cast<char>(byte);
      const bool is_digit = std::string("0123456789abcdefABCDEF").find(form[place]) != std::string::npos;
      EXPECT_EQ(Uuid::parse(form).has_value(), is_digit) << byte << " at " << place;
    }
  }
}

TEST(Uuid, is_nil_by_default) {
  EXPECT_TRUE(Uuid().is_nil());
  EXPECT_EQ(Uuid().to_string(), "00000000-0000-0000-0000-000000000000");
  EXPECT_FALSE(Uuid::parse(text)->is_nil());
}

TEST(Uuid, is_ordered_as_its_text_is) {
  const Uuid low = *Uuid::parse("00000000-0000-0000-0000-0000000000ff");
  const Uuid high = *Uuid::parse("ff000000-0000-0000-0000-000000000000");
  EXPECT_LT(low, high);
  EXPECT_EQ(low, low);
}

TEST(Uuid, is_random_of_version_4_and_does_not_repeat) {
  std::unordered_set<Uuid> seen;
  for (int i = 0; i < 500; ++i) {
    const Uuid uuid = Uuid::random();
    const std::string form = uuid.to_string();
    EXPECT_EQ(form[14], '4');
    EXPECT_NE(std::string("89ab").find(form[19]), std::string::npos);
    EXPECT_EQ(Uuid::parse(form), uuid);
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 500U);
}

}  // namespace
}  // namespace bailey
