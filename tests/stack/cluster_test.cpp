// A database's files: whose they are, where they lie, and what a start does about what is wrong with them.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "stack/database/bootstrap.hpp"
#include "stack/project/state_folder.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

using stack::BlockingConnection;
using stack::Postmaster;

TEST(Cluster, of_another_user_is_left_alone_and_told) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const TemporaryProject folder;
  const auto data = stack::data_folder(folder.project, stack::postgres_account());
  std::filesystem::create_directory(data);
  ASSERT_EQ(chown(data.c_str(), 65534, 65534), 0);
  try {
    static_cast<void>(stack::open_cluster(folder.project, free_port(), false));
    FAIL() << "opened";
  } catch (const Error& failure) {
    EXPECT_NE(failure.message().find("belongs to another user"), std::string::npos) << failure.message();
  }
}

TEST(Cluster, that_its_own_user_may_not_write_to_is_told) {
  const InitialisedProject folder;
  const auto data = stack::data_folder(folder.project, stack::postgres_account());
  std::filesystem::permissions(data, std::filesystem::perms(0500));
  try {
    static_cast<void>(stack::open_cluster(folder.project, free_port(), false));
    ADD_FAILURE() << "opened";
  } catch (const Error& failure) {
    EXPECT_NE(failure.message().find("chmod 700"), std::string::npos) << failure.message();
  }
  std::filesystem::permissions(data, std::filesystem::perms(0700));
}

TEST(Cluster, is_not_made_where_postgresql_takes_no_name) {
  for (const std::string& name : {std::string("with\nline"), std::string(250, 'x') + "/" + std::string(250, 'x') + "/" +
                                                                 std::string(250, 'x') + "/" + std::string(250, 'x')}) {
    const TemporaryProject folder;
    const stack::Project project{folder.project.root / name};
    std::filesystem::create_directories(project.root);
    stack::make_state_folder(project);
    try {
      static_cast<void>(stack::open_cluster(project, free_port(), false));
      ADD_FAILURE() << "made";
    } catch (const Error& failure) {
      EXPECT_NE(failure.message().find("name, which PostgreSQL does not take"), std::string::npos) << failure.message();
    }
  }
}

TEST(Cluster, that_initdb_does_not_make_says_why) {
  const TemporaryProject folder;
  for (const auto& [program, says] :
       {std::pair("postgres", "postgres (PostgreSQL) 15.1"), {"initdb", "no space is left"}}) {
    const auto file = folder.project.root / program;
    std::ofstream(file) << "#!/bin/sh\necho '" << says << "'\nexit 1\n";
    std::filesystem::permissions(file, std::filesystem::perms(0755));
  }
  setenv("BAILEY_POSTGRES", folder.project.root.c_str(), 1);
  try {
    static_cast<void>(stack::open_cluster(folder.project, free_port(), false));
    ADD_FAILURE() << "made";
  } catch (const Error& failure) {
    EXPECT_NE(failure.message().find("no space is left"), std::string::npos) << failure.message();
  }
  unsetenv("BAILEY_POSTGRES");
}

TEST(Cluster, follows_no_link_that_came_with_the_project) {
  const TemporaryProject folder;
  const std::filesystem::path elsewhere = folder.project.root / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  std::filesystem::permissions(elsewhere, std::filesystem::perms(0711));
  std::ofstream(folder.project.root / "mine") << "precious";
  for (const char* name : {"postgres", "postgres-run", "postgres.log", "admin_password"}) {
    const auto link = folder.project.state_folder() / name;
    const bool is_file = std::string_view(name).find_first_of("._") != std::string_view::npos;
    if (std::string_view(name) == "admin_password") static_cast<void>(stack::open_cluster(folder.project, 1, false));
    std::filesystem::remove(link);
    std::filesystem::create_symlink(is_file ? folder.project.root / "mine" : elsewhere, link);
    try {
      static_cast<void>(stack::open_cluster(folder.project, free_port(), false));
      ADD_FAILURE() << name << " is followed";
    } catch (const Error& failure) {
      EXPECT_EQ(failure.code(), "unsafe_file") << name << ": " << failure.message();
    }
    std::filesystem::remove(link);
  }
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere));
  EXPECT_EQ(std::filesystem::status(elsewhere).permissions(), std::filesystem::perms(0711));
  EXPECT_EQ(std::filesystem::file_size(folder.project.root / "mine"), 8U);
}

TEST(Cluster, names_the_file_of_a_password_that_does_not_open_it) {
  const InitialisedProject folder;
  const auto file = folder.project.state_folder() / "admin_password";
  const auto message = [&] {
    try {
      const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
      stack::bootstrap(postmaster.cluster());
      return std::string("opened");
    } catch (const Error& failure) {
      return failure.message();
    }
  };
  EXPECT_EQ(message(), "opened");
  for (const char* damaged : {"", "another"}) {
    std::ofstream(file, std::ios::trunc) << damaged;
    const std::string told = message();
    EXPECT_TRUE(told.contains(file.string()) && told.contains("bailey dev --reset")) << told;
  }
}

TEST(Cluster, takes_scram_passwords_only) {
  const auto rows =
      LiveStack::shared().sql("select count(*)::text from pg_hba_file_rules where auth_method <> 'scram-sha-256'");
  EXPECT_EQ(rows.at(0).at(0), "0");
  EXPECT_THROW(BlockingConnection(LiveStack::shared().cluster().connection_string("supabase_admin", "postgres")),
               Error);
}

TEST(Cluster, lies_elsewhere_where_postgresqls_user_cannot_enter_the_project) {
  const auto account = stack::postgres_account();
  if (!account) GTEST_SKIP() << "only root hands PostgreSQL to another user";
  const TemporaryProject folder;
  EXPECT_EQ(stack::data_folder(folder.project, account), folder.project.state_folder() / "postgres");
  std::filesystem::permissions(folder.project.root, std::filesystem::perms(0700));
  EXPECT_EQ(stack::data_folder(folder.project, account).parent_path(), "/var/lib/bailey");
}

}  // namespace
}  // namespace bailey::test
