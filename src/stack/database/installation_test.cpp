#include "stack/database/installation.hpp"

#include <bailey/base/error.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

class ChosenInstallation : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "bailey-postgres-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = fs::canonical(name);
    setenv("BAILEY_POSTGRES", folder.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("BAILEY_POSTGRES");
    fs::remove_all(folder);
  }

  void write_programs(const std::string& version) const {
    for (const char* name : {"postgres", "initdb"}) {
      std::ofstream(folder / name) << "#!/bin/sh\necho '" << name << " (PostgreSQL) " << version << "'\n";
      fs::permissions(folder / name, fs::perms(0755));
    }
  }

  static std::string refusal(std::optional<int> cluster_major = std::nullopt) {
    try {
      return "none: " + choose_installation(cluster_major).folder.string();
    } catch (const Error& failure) {
      EXPECT_EQ(failure.code(), "no_postgres");
      return failure.message();
    }
  }

  fs::path folder;
};

TEST_F(ChosenInstallation, is_the_only_one) {
  write_programs("16.3 (Debian)");
  EXPECT_EQ(choose_installation(std::nullopt).folder, folder);
  EXPECT_EQ(choose_installation(16).major, 16);
  EXPECT_TRUE(refusal(15).contains("made by PostgreSQL 15")) << refusal(15);
}

TEST_F(ChosenInstallation, is_found_from_wherever_its_programs_are_run) {
  write_programs("16.3");
  setenv("BAILEY_POSTGRES", fs::relative(folder).c_str(), 1);
  EXPECT_EQ(choose_installation(std::nullopt).folder, folder);
}

TEST_F(ChosenInstallation, without_the_programs_or_too_old_is_refused_by_name) {
  EXPECT_TRUE(refusal().contains("BAILEY_POSTGRES names " + folder.string())) << refusal();
  write_programs("14.9");
  EXPECT_TRUE(refusal().contains("BAILEY_POSTGRES names " + folder.string())) << refusal();
}

}  // namespace
}  // namespace bailey::stack
