#include "http/media_type.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::http {
namespace {

TEST(MediaType, is_what_the_ending_of_a_name_tells) {
  EXPECT_EQ(media_type_of("index.html"), "text/html; charset=utf-8");
  EXPECT_EQ(media_type_of("/a.b/app.3f9c.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(media_type_of("A.CSS"), "text/css; charset=utf-8");
  EXPECT_EQ(media_type_of("data.json"), "application/json");
  EXPECT_EQ(media_type_of("logo.svg"), "image/svg+xml");
  EXPECT_EQ(media_type_of("code.wasm"), "application/wasm");
  EXPECT_EQ(media_type_of("all.tar.gz"), "application/gzip");
  for (const std::string_view name :
       {"", "README", ".html", "dir/.css", "a.", "a.unknown", "a.html/b", "a.webmanifestt"})
    EXPECT_EQ(media_type_of(name), "application/octet-stream") << name;
  EXPECT_EQ(media_type_of(std::string(10'000, '.')), "application/octet-stream");
}

TEST(MediaType, of_text_is_worth_compressing_and_of_what_is_compressed_is_not) {
  for (const std::string_view type :
       {"text/html; charset=utf-8", "TEXT/plain", "application/json", "application/problem+json; a=b", "image/svg+xml",
        "application/wasm", "font/ttf", "application/xhtml+xml"})
    EXPECT_TRUE(is_compressible(type)) << type;
  for (const std::string_view type : {"", "image/png", "video/mp4", "application/zip", "application/octet-stream",
                                      "font/woff2", "texts/html", "json", "application/jsonx"})
    EXPECT_FALSE(is_compressible(type)) << type;
}

}  // namespace
}  // namespace bailey::http
