#include "http/content_disposition.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

TEST(ContentDisposition, names_the_file_so_that_every_client_reads_it_alike) {
  struct Case {
    std::string name, field;
  };
  for (const Case& each : std::vector<Case>{
           {"report.pdf", "attachment; filename=\"report.pdf\""},
           {"two words (1).txt", "attachment; filename=\"two words (1).txt\""},
           {"naïve.txt", "attachment; filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt"},
           {"€ 5.csv", "attachment; filename=\"_ 5.csv\"; filename*=UTF-8''%E2%82%AC%205.csv"},
           {"a\"b.txt", "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"},
           {"50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"},
           {"a'b*.txt", "attachment; filename=\"a'b*.txt\""},
           {"../../etc/passwd", "attachment; filename=\"passwd\""},
           {"C:\\boot.ini", "attachment; filename=\"boot.ini\""},
           {"a\r\nSet-Cookie: b=c", "attachment; filename=\"aSet-Cookie: b=c\""},
           {std::string("a\0b", 3), "attachment; filename=\"ab\""},
           {"a\x7f", "attachment; filename=\"a\""},
           {"\xff.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%EF%BF%BD.txt"},
           {"dir/", "attachment"},
           {"\n", "attachment"},
       })
    EXPECT_EQ(content_disposition("attachment", each.name), each.field) << each.name;
  EXPECT_EQ(content_disposition("inline", "a.pdf"), "inline; filename=\"a.pdf\"");
}

}  // namespace
}  // namespace bailey::http
