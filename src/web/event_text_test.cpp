#include <bailey/web/event_stream.hpp>

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace bailey::web_detail {
namespace {

using namespace std::chrono_literals;

TEST(EventText, has_its_fields_in_an_order_of_which_the_data_is_never_the_last) {
  EXPECT_EQ(event_text("1", {}), "data: 1\n\n");
  EXPECT_EQ(event_text("{}", {.event = "added", .id = "7", .retry = 3s}),
            "event: added\ndata: {}\nid: 7\nretry: 3000\n\n");
  EXPECT_EQ(event_text("1", {.id = ""}), "data: 1\nid: \n\n");
}

TEST(EventText, gives_each_line_of_the_data_a_field_however_it_ends) {
  EXPECT_EQ(event_text("a\nb\r\nc\rd", {}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(event_text("", {}), "data: \n\n");
  EXPECT_EQ(event_text("a\n", {}), "data: a\ndata: \n\n");
  EXPECT_EQ(event_text("\r\n\r\nevent: forged", {}), "data: \ndata: \ndata: event: forged\n\n");
}

TEST(EventText, is_refused_where_a_field_would_forge_another) {
  for (const std::string& forged :
       std::vector<std::string>{"a\ndata: forged", "a\rb", "a\r\n", std::string("a\0b", 3)}) {
    EXPECT_THROW(static_cast<void>(event_text("1", {.event = forged})), Error);
    EXPECT_THROW(static_cast<void>(event_text("1", {.id = forged})), Error);
  }
  EXPECT_THROW(static_cast<void>(event_text("1", {.retry = -1ms})), Error);
}

TEST(EventText, of_a_comment_is_never_an_event) {
  EXPECT_EQ(comment_text("hello"), ": hello\n\n");
  EXPECT_EQ(comment_text("a\ndata: 1"), ": a\n: data: 1\n\n");
}

}  // namespace
}  // namespace bailey::web_detail
