#include "stack/database/library_folders.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "stack/database/cluster.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

TEST(LibraryFolders, are_those_of_the_configuration_and_what_it_includes_outside_of_homes) {
  const TemporaryFolder folder;
  const fs::path root = fs::canonical(folder.path());
  for (const char* name : {"conf.d", "one", "two", "three", "four", "of_old", "users/me/lib", "file.d"})
    fs::create_directories(root / name);
  fs::create_directory_symlink(root / "users" / "me" / "lib", root / "link");
  const auto at = [&](const char* name) { return (root / name).string(); };
  std::ofstream(root / "conf") << "include conf.d/*.conf\n# " << at("of_old") << "\nhwcap 1 nosegneg\n"
                               << at("one") << "\t# the first\n\n  " << at("two") << ":" << at("three") << "=libc6\n"
                               << at("missing") << " " << at("link") << " " << at("users/me/lib") << " " << at("users")
                               << " / relative\n"
                               << at("conf") << "\n";
  std::ofstream(root / "conf.d" / "a.conf") << at("four");
  std::ofstream(root / "conf.d" / "b.conf") << "include " << at("conf.d/b.conf") << "\n";  // itself
  std::ofstream(root / "conf.d" / "c.other") << at("of_old");
  EXPECT_EQ(library_folders(root / "conf", {root / "users" / "me"}),
            (std::vector<fs::path>{at("four"), at("one"), at("two"), at("three")}));
  EXPECT_TRUE(library_folders(root / "none", {}).empty());
}

TEST(LibraryFolders, are_in_no_home_of_whom_we_run_as) {
  const TemporaryFolder folder;
  const char* const home = std::getenv("HOME");
  if (home == nullptr || !fs::exists(home)) GTEST_SKIP() << "there is no home";
  std::ofstream(folder.path() / "conf") << home << "\n/\n/home\n";
  EXPECT_TRUE(library_folders(folder.path() / "conf").empty());
  for (const fs::path& each : homes_of_users()) EXPECT_NE(each, "/");
}

}  // namespace
}  // namespace bailey::stack
