#include "web/static_path.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::web_detail {
namespace {

TEST(StaticPath, names_what_is_below) {
  for (const std::string_view path :
       {"", "a", "a/", "a/b.txt", "a b/ü.txt", "a..b", "...a/b", ".well-known/acme-challenge/x", ".well-known", "a%2e",
        "C:", "~", "a/b/c/d/e/", "con", "a;b"})
    EXPECT_TRUE(is_static_path(path, path.starts_with("...") ? Dotfiles::served : Dotfiles::hidden)) << path;
}

TEST(StaticPath, never_leads_out_and_has_one_spelling) {
  for (const std::string_view path : {"/", "//", "/a", "..", "../a", "a/..", "a/../b", "a/../../b", ".", "./a", "a/.",
                                      "a/./b", "a//b", "a//", "//a", "a\\b", "..\\a", "\\", "a/\\/b"}) {
    EXPECT_FALSE(is_static_path(path, Dotfiles::hidden)) << path;
    EXPECT_FALSE(is_static_path(path, Dotfiles::served)) << path;
  }
  for (const std::string& path : {std::string("a\0", 2), std::string("\0", 1), std::string("a.txt\0.png", 10)})
    EXPECT_FALSE(is_static_path(path, Dotfiles::served));
}

TEST(StaticPath, hides_names_that_begin_with_a_dot) {
  for (const std::string_view path :
       {".env", ".git/config", "a/.htpasswd", "a/.well-known/x", ".well-known/.x", "...", ".well-knownx"}) {
    EXPECT_FALSE(is_static_path(path, Dotfiles::hidden)) << path;
    EXPECT_TRUE(is_static_path(path, Dotfiles::served)) << path;
  }
}

}  // namespace
}  // namespace bailey::web_detail
