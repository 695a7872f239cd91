#include <bailey/stack/project.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "stack/project/keys.hpp"
#include "stack/project/lock.hpp"
#include "stack/project/private_file.hpp"
#include "stack/project/state_folder.hpp"
#include "stack/status.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

class ProjectFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "bailey-project-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = fs::canonical(name);
    fs::create_directories(folder / "supabase" / "migrations");
    fs::create_directories(folder / ".bailey");
  }
  void TearDown() override { fs::remove_all(folder); }

  fs::path folder;
};

TEST_F(ProjectFolder, is_found_from_any_folder_below) {
  fs::create_directories(folder / "src" / "deep");
  EXPECT_EQ(Project::find(folder / "src" / "deep").value().root, folder);
  EXPECT_EQ(Project::find(folder / "supabase" / "migrations").value().root, folder);
}

TEST_F(ProjectFolder, tells_what_to_do_when_there_is_none) {
  const auto none = Project::find("/proc");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), "no_project");
  EXPECT_NE(none.error().message().find("mkdir -p supabase"), std::string::npos);
}

TEST_F(ProjectFolder, keeps_one_signing_key_that_only_its_owner_reads) {
  const Project project{folder};
  const ProjectKeys first = load_keys(project, {});
  const ProjectKeys second = load_keys(project, {});
  EXPECT_EQ(first.signing.algorithm(), jwt::Algorithm::es256);
  EXPECT_EQ(first.signing.kid(), second.signing.kid());
  struct stat file{};
  ASSERT_EQ(stat((folder / ".bailey" / "signing_key.json").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
}

TEST(ClientKeys, are_the_usual_development_keys) {
  const ClientKeys keys = client_keys({});
  EXPECT_EQ(keys.anon_key,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6ImFub24iLCJleHAiOjE5ODM4MTI5OTZ9."
            "CRXP1A7WOeoJeXxjNni43kdQwgnWNReilDMblYTn_I0");
  EXPECT_EQ(keys.service_role_key,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6InNlcnZpY2Vfcm9sZSIsImV4cCI6MTk4MzgxMjk5Nn0."
            "EGIM96RAZx35lJzdJsyH-qQwv8Hdp7fsn3W0YpN81IU");
}

TEST(ClientKeys, of_the_wrong_kind_or_given_twice_are_refused) {
  const ClientKeys usual = client_keys({});
  const auto refusal = [](const AuthConfig& config) -> std::string {
    try {
      static_cast<void>(client_keys(config));
      return "";
    } catch (const Error& error) {
      return error.message();
    }
  };
  EXPECT_TRUE(refusal({.anon_key = usual.service_role_key}).contains("auth.anon_key in supabase/config.toml holds"));
  EXPECT_TRUE(refusal({.publishable_key = usual.secret_key}).contains("auth.publishable_key"));
  EXPECT_TRUE(refusal({.secret_key = usual.publishable_key}).contains("auth.secret_key"));
  EXPECT_TRUE(refusal({.service_role_key = usual.anon_key}).contains("auth.service_role_key"));
  EXPECT_TRUE(refusal({.jwt_secret = Secret(usual.anon_key)}).contains("auth.jwt_secret"));
  EXPECT_TRUE(refusal({.anon_key = "mine", .service_role_key = "mine"})
                  .contains("auth.anon_key in supabase/config.toml and auth.service_role_key are the same"));
  EXPECT_TRUE(refusal({.publishable_key = "mine", .secret_key = "mine"}).contains("are the same"));
  EXPECT_TRUE(refusal({.anon_key = ""}).contains("auth.anon_key in supabase/config.toml is empty"));
  EXPECT_EQ(refusal({.anon_key = "mine", .service_role_key = "mine-too"}), "");
}

TEST_F(ProjectFolder, signs_with_the_secret_when_told_to) {
  const ProjectKeys keys = load_keys(Project{folder}, {.signing = Signing::hs256});
  EXPECT_EQ(keys.signing.algorithm(), jwt::Algorithm::hs256);
  EXPECT_EQ(keys.accepted->to_json(), R"({"keys":[]})");
  EXPECT_FALSE(fs::exists(folder / ".bailey" / "signing_key.json"));
}

TEST_F(ProjectFolder, takes_the_signing_keys_of_a_file) {
  const jwt::Key own = jwt::Key::generate_es256("mine");
  write_private_file(folder / "supabase" / "keys.json", "[" + std::string(own.private_jwk().reveal()) + "]");
  const ProjectKeys keys = load_keys(Project{folder}, {.signing_keys_path = "./keys.json"});
  EXPECT_EQ(keys.signing.kid(), "mine");
  EXPECT_THROW(static_cast<void>(load_keys(Project{folder}, {.signing_keys_path = "./none.json"})), Error);
}

TEST_F(ProjectFolder, names_the_file_of_a_damaged_key_and_what_to_do) {
  const auto message = [&](const AuthConfig& config) {
    try {
      static_cast<void>(load_keys(Project{folder}, config));
      return std::string("taken");
    } catch (const Error& failure) {
      return failure.message();
    }
  };
  for (const char* damaged : {"", "{", "[]", "{}", R"({"kty":"EC","crv":"P-256"})", R"({"kty":"oct","k":"AA"})",
                              R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"})"}) {
    write_private_file(folder / ".bailey" / "signing_key.json", damaged);
    EXPECT_TRUE(message({}).starts_with((folder / ".bailey" / "signing_key.json").string())) << damaged << message({});
    EXPECT_TRUE(message({}).contains("or remove it: another key is made")) << damaged << message({});
    write_private_file(folder / "supabase" / "keys.json", "[" + std::string(damaged) + "]");
    const std::string configured = message({.signing_keys_path = "keys.json"});
    EXPECT_TRUE(configured.starts_with((folder / "supabase" / "keys.json").string())) << damaged << configured;
  }
}

TEST_F(ProjectFolder, follows_no_link_that_came_with_the_project) {
  const fs::path mine = folder / "mine";
  const auto is_refused = [&](const auto& attempt, const fs::path& name) {
    try {
      attempt();
      ADD_FAILURE() << name << " is taken";
    } catch (const Error& failure) {
      EXPECT_EQ(failure.code(), "unsafe_file") << name;
      EXPECT_TRUE(failure.message().starts_with(name.string())) << failure.message();
    }
    std::ifstream kept(mine);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "precious") << name;
    EXPECT_EQ(fs::status(mine).permissions(), fs::perms(0600)) << name;
  };
  std::ofstream(mine) << "precious";
  fs::permissions(mine, fs::perms(0600));
  const Project project{folder};
  const fs::path state = folder / ".bailey";
  for (const bool symbolic : {true, false}) {
    for (const char* name : {".gitignore", "lock", "signing_key.json"}) {
      fs::remove(state / name);
      if (symbolic) {
        fs::create_symlink(mine, state / name);
      } else {
        fs::create_hard_link(mine, state / name);
      }
    }
    is_refused([&] { make_state_folder(project); }, state / ".gitignore");
    is_refused([&] { ProjectLock{project}; }, state / "lock");
    is_refused([&] { static_cast<void>(load_keys(project, {})); }, state / "signing_key.json");
    EXPECT_FALSE(ProjectLock::holder(project));
  }
  fs::remove(state / "lock");
  ASSERT_EQ(mkfifo((state / "lock").c_str(), 0600), 0);
  is_refused([&] { ProjectLock{project}; }, state / "lock");
  fs::remove_all(state);
  fs::create_directory(folder / "elsewhere");
  fs::permissions(folder / "elsewhere", fs::perms(0700));
  fs::create_directory_symlink(folder / "elsewhere", state);
  is_refused([&] { make_state_folder(project); }, state);
  EXPECT_EQ(fs::status(folder / "elsewhere").permissions(), fs::perms(0700));
  EXPECT_TRUE(fs::is_empty(folder / "elsewhere"));
}

TEST_F(ProjectFolder, of_another_user_is_left_alone) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  ASSERT_EQ(chown((folder / ".bailey").c_str(), 65534, 65534), 0);
  EXPECT_THROW(make_state_folder(Project{folder}), Error);
}

// A password or a key that is removed is lost, and so is the data that it opens.
TEST_F(ProjectFolder, whose_key_is_another_users_is_told_to_give_it_back_before_to_remove_it) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const Project project{folder};
  static_cast<void>(load_keys(project, {}));
  ASSERT_EQ(chown((folder / ".bailey" / "signing_key.json").c_str(), 65534, 65534), 0);
  try {
    static_cast<void>(load_keys(project, {}));
    ADD_FAILURE() << "read";
  } catch (const Error& failure) {
    EXPECT_LT(failure.message().find("chown"), failure.message().find("remove it")) << failure.message();
  }
}

TEST_F(ProjectFolder, is_locked_by_one_at_a_time) {
  const Project project{folder};
  EXPECT_FALSE(ProjectLock::holder(project));
  {
    const ProjectLock lock(project);
    EXPECT_EQ(ProjectLock::holder(project), getpid());
    EXPECT_THROW(ProjectLock{project}, Error);
  }
  EXPECT_FALSE(ProjectLock::holder(project));
}

TEST_F(ProjectFolder, is_not_stopped_by_who_may_not_and_says_so) {
  if (geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
  fs::permissions(folder, fs::perms(0755));
  const Project project{folder};
  const ProjectLock running(project);
  const pid_t another = fork();
  if (another == 0) {
    if (setuid(65534) != 0) _exit(2);
    const auto stopped = stop_stack(project);
    _exit(!stopped && stopped.error().code() == "not_permitted" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(another, &status, 0), another);
  EXPECT_EQ(status, 0);
}

TEST_F(ProjectFolder, leaves_no_number_of_a_process_that_has_ended_in_its_lock) {
  {
    const ProjectLock lock(Project{folder});
  }
  EXPECT_EQ(fs::file_size(folder / ".bailey" / "lock"), 0U);
}

TEST_F(ProjectFolder, whose_status_is_asked_for_gets_no_key_by_that) {
  const Project project{folder};
  const ProjectLock running(project);
  EXPECT_FALSE(running_status(project, {}).value()["ANON_KEY"].empty());
  EXPECT_FALSE(fs::exists(folder / ".bailey" / "signing_key.json"));
}

TEST(Status, is_printed_for_a_shell) {
  const Status status = status_of(Config{}, client_keys({}));
  std::ostringstream out;
  status.print_env(out);
  EXPECT_NE(out.str().find("API_URL=\"http://127.0.0.1:54321\"\n"), std::string::npos);
  EXPECT_NE(out.str().find("DB_URL=\"postgresql://postgres:postgres@127.0.0.1:54322/postgres\"\n"), std::string::npos);
}

TEST(Status, is_printed_for_an_app_under_the_names_it_reads) {
  const Status status{{{"ANON_KEY", "anon"},
                       {"API_DATABASE_URL", "postgresql://x"},
                       {"API_URL", "http://127.0.0.1:1"},
                       {"JWT_SECRET", "a $secret"},
                       {"SERVICE_ROLE_KEY", "service"}}};
  std::ostringstream out;
  status.print_app(out);
  EXPECT_EQ(out.str(),
            "export DATABASE_URL=\"postgresql://x\"\n"
            "export SUPABASE_ANON_KEY=\"anon\"\n"
            "export SUPABASE_JWT_SECRET=\"a \\$secret\"\n"
            "export SUPABASE_SERVICE_ROLE_KEY=\"service\"\n"
            "export SUPABASE_URL=\"http://127.0.0.1:1\"\n");
}

TEST(Status, quotes_what_a_shell_would_expand) {
  const Status status{{{"NAME", "a\"b$c`d\\e"}}};
  std::ostringstream out;
  status.print_env(out);
  EXPECT_EQ(out.str(), "NAME=\"a\\\"b\\$c\\`d\\\\e\"\n");
}

}  // namespace
}  // namespace bailey::stack
