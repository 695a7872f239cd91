#include <bailey/http/local_request.hpp>

#include "http/preconditions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
using enum Precondition;

const Validators current{"\"abc\"", std::chrono::sys_seconds(std::chrono::seconds(784111777))};
const std::string then = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string before = "Sun, 06 Nov 1994 08:49:36 GMT";
const std::string after = "Sunday, 06-Nov-94 08:49:38 GMT";

TEST(Preconditions, are_evaluated_in_the_order_of_their_rank) {
  struct Case {
    Fields fields;
    Precondition result;
  };
  for (const Case& each : std::vector<Case>{
           {{}, holds},
           {{{"If-None-Match", "\"abc\""}}, not_modified},
           {{{"If-None-Match", "W/\"abc\""}}, not_modified},
           {{{"If-None-Match", "*"}}, not_modified},
           {{{"If-None-Match", "\"x\", \"abc\""}}, not_modified},
           {{{"If-None-Match", "\"x\""}, {"if-none-match", "\"abc\""}}, not_modified},
           {{{"If-None-Match", "\"x,\"abc\""}}, holds},
           {{{"If-None-Match", "\"x\""}}, holds},
           {{{"If-None-Match", "abc"}}, holds},
           {{{"If-None-Match", "\"ABC\""}}, holds},
           {{{"If-None-Match", "w/\"abc\""}}, holds},
           {{{"If-None-Match", ""}}, holds},
           {{{"If-Modified-Since", then}}, not_modified},
           {{{"If-Modified-Since", after}}, not_modified},
           {{{"If-Modified-Since", before}}, holds},
           {{{"If-Modified-Since", "yesterday"}}, holds},
           {{{"If-Modified-Since", then}, {"If-Modified-Since", then}}, holds},
           {{{"If-None-Match", "\"x\""}, {"If-Modified-Since", then}}, holds},
           {{{"If-None-Match", "\"abc\""}, {"If-Modified-Since", before}}, not_modified},
           {{{"If-Match", "\"abc\""}}, holds},
           {{{"If-Match", "*"}}, holds},
           {{{"If-Match", "W/\"abc\""}}, fails},
           {{{"If-Match", "\"x\""}}, fails},
           {{{"If-Match", ""}}, fails},
           {{{"If-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}, fails},
           {{{"If-Match", "\"abc\""}, {"If-None-Match", "\"abc\""}}, not_modified},
           {{{"If-Match", "\"abc\""}, {"If-Unmodified-Since", before}}, holds},
           {{{"If-Unmodified-Since", then}}, holds},
           {{{"If-Unmodified-Since", before}}, fails},
           {{{"If-Unmodified-Since", "nonsense"}}, holds},
       }) {
    LocalRequest request({.headers = each.fields});
    EXPECT_EQ(evaluate_preconditions(request.request(), current), each.result)
        << (each.fields.empty() ? "" : each.fields[0].first + ": " + each.fields[0].second);
  }
}

TEST(Preconditions, let_a_range_be_of_just_the_representation_it_was_begun_with) {
  const auto if_range = [](Fields fields) {
    LocalRequest request({.headers = std::move(fields)});
    return if_range_holds(request.request(), current);
  };
  EXPECT_TRUE(if_range({}));
  EXPECT_TRUE(if_range({{"If-Range", "\"abc\""}}));
  EXPECT_TRUE(if_range({{"If-Range", then}}));
  EXPECT_FALSE(if_range({{"If-Range", "W/\"abc\""}})) << "the comparison is the strong one";
  EXPECT_FALSE(if_range({{"If-Range", "\"x\""}}));
  EXPECT_FALSE(if_range({{"If-Range", "\"x\", \"abc\""}})) << "it is no list";
  EXPECT_FALSE(if_range({{"If-Range", "*"}}));
  EXPECT_FALSE(if_range({{"If-Range", before}}));
  EXPECT_FALSE(if_range({{"If-Range", after}})) << "a date must be the very same";
  EXPECT_FALSE(if_range({{"If-Range", ""}}));
  EXPECT_FALSE(if_range({{"If-Range", "\"abc\""}, {"If-Range", "\"abc\""}}));
}

TEST(Preconditions, read_lists_of_tags_cut_off_anywhere) {
  const std::string list = "W/\"a,b\" , \"abc\",\"\" , W/\"abc\"";
  for (std::size_t length = 0; length <= list.size(); ++length) {
    const std::string cut = list.substr(0, length);
    EXPECT_EQ(lists_etag(cut, "\"abc\"", EtagComparison::strong), length >= 15) << cut;
  }
}

}  // namespace
}  // namespace bailey::http
