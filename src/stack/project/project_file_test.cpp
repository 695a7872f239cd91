#include "stack/project/project_file.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <cstdlib>
#include <fstream>

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

class AProjectFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "bailey-file-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
    std::ofstream(folder / "plain.sql") << "select 1";
  }
  void TearDown() override { fs::remove_all(folder); }

  [[nodiscard]] std::string read(const char* name, std::size_t limit_bytes = 100) const {
    const auto content = read_project_file(folder / name, limit_bytes);
    return content ? *content : content.error().message();
  }

  fs::path folder;
};

TEST_F(AProjectFile, is_read_whole_also_through_a_link) {
  fs::create_symlink("plain.sql", folder / "linked.sql");
  EXPECT_EQ(read("plain.sql"), "select 1");
  EXPECT_EQ(read("linked.sql"), "select 1");
}

TEST_F(AProjectFile, is_no_device_pipe_or_folder_and_keeps_nobody_waiting) {
  fs::create_symlink("/dev/zero", folder / "zero.sql");
  fs::create_symlink("/dev/tty", folder / "tty.sql");
  ASSERT_EQ(mkfifo((folder / "pipe.sql").c_str(), 0600), 0);
  fs::create_directory(folder / "folder.sql");
  fs::create_symlink("gone", folder / "dangling.sql");
  for (const char* name : {"zero.sql", "tty.sql", "pipe.sql", "folder.sql", "dangling.sql", "none.sql"}) {
    EXPECT_EQ(read(name).find("cannot read " + (folder / name).string() + ": "), 0U) << read(name);
  }
}

TEST_F(AProjectFile, is_bounded) {
  EXPECT_EQ(read("plain.sql", 8), "select 1");
  EXPECT_NE(read("plain.sql", 7).find("more than 7 bytes"), std::string::npos);
}

}  // namespace
}  // namespace bailey::stack
