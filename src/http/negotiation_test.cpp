#include <bailey/http/local_request.hpp>

#include "http/negotiation.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

constexpr std::array all{ContentCoding::brotli, ContentCoding::zstd, ContentCoding::gzip};

std::string chosen(std::string_view field) {
  AcceptedCodings accepted;
  accepted.read(field);
  const auto best = accepted.best_of(all);
  return best ? std::string(to_string(*best)) : "none";
}

TEST(AcceptedCodings, are_chosen_by_weight_and_then_by_the_order_of_the_server) {
  struct Case {
    std::string field, coding;
  };
  for (const Case& each : std::vector<Case>{
           {"gzip, deflate, br, zstd", "br"},
           {"gzip", "gzip"},
           {"x-gzip", "gzip"},
           {"GZIP", "gzip"},
           {"gzip;q=0", "none"},
           {"gzip; q=0.000", "none"},
           {"gzip;q=0, br;q=0.1", "br"},
           {"gzip;q=0.5, br;q=0.4, zstd;q=0.45", "gzip"},
           {"*", "br"},
           {"*;q=0", "none"},
           {"*;q=0.1, gzip", "gzip"},
           {"br;q=0, *", "zstd"},
           {"gzip, *;q=0", "gzip"},
           {"identity", "none"},
           {"identity;q=0", "none"},
           {"identity;q=0.5, gzip;q=0.4", "none"},
           {"identity;q=0.5, gzip;q=0.5", "gzip"},
           {"identity, gzip", "gzip"},
           {"identity;q=0, *", "br"},
           {"", "none"},
           {"deflate, compress", "none"},
           {"gzip;q=1.1", "none"},
           {"gzip;q=-1", "none"},
           {"gzip;q=0.0000", "none"},
           {"gzip;q=", "none"},
           {"gzip;q=a", "none"},
           {"gzip;q=1.5, br", "br"},
           {"gzip ; Q=0.7 , br ; q=0.8", "br"},
           {"gzip;level=9;q=0", "none"},
           {"gzip;a=\"b,br;q=1\";q=0", "none"},
           {"gzip;a=\"\\\"", "gzip"},
           {"not gzip", "none"},
           {"gzipx, xgzip", "none"},
       })
    EXPECT_EQ(chosen(each.field), each.coding) << each.field;
}

TEST(AcceptedCodings, are_read_from_all_lines_and_cut_off_anywhere) {
  LocalRequest two({.headers = {{"Accept-Encoding", "gzip;q=0.5"}, {"accept-encoding", "zstd"}}});
  EXPECT_EQ(AcceptedCodings(two.request()).best_of(all), ContentCoding::zstd);
  LocalRequest none({.headers = {{"Accept", "gzip"}}});
  EXPECT_EQ(AcceptedCodings(none.request()).best_of(all), std::nullopt);
  const std::string field = R"(gzip;a="\",";q=0.5, *;q=0.333,,;q=1,br;q=1.000)";
  for (std::size_t length = 0; length <= field.size(); ++length) static_cast<void>(chosen(field.substr(0, length)));
}

TEST(AcceptsHtml, of_who_follows_a_link_but_not_of_what_a_page_loads) {
  const auto accepts = [](std::string accept) {
    LocalRequest request({.headers = {{"Accept", std::move(accept)}}});
    return accepts_html(request.request());
  };
  EXPECT_TRUE(accepts("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  EXPECT_TRUE(accepts("application/json, Text/HTML;q=0.1"));
  EXPECT_TRUE(accepts("application/xhtml+xml"));
  EXPECT_FALSE(accepts("*/*"));
  EXPECT_FALSE(accepts("text/*"));
  EXPECT_FALSE(accepts("text/html;q=0, */*"));
  EXPECT_FALSE(accepts("image/avif,image/webp,*/*;q=0.8"));
  EXPECT_FALSE(accepts(""));
}

}  // namespace
}  // namespace bailey::http
