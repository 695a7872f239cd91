// Data that are thrown away: by a reset, by one that was killed, and what must stay meanwhile.
#include <gtest/gtest.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "stack/database/bootstrap.hpp"
#include "stack/project/state_folder.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using stack::BlockingConnection;
using stack::Postmaster;

TEST(Cluster, is_thrown_away_by_a_reset) {
  const InitialisedProject folder;
  const std::uint16_t port = free_port();
  {
    const Postmaster postmaster(stack::open_cluster(folder.project, port, false));
    BlockingConnection(postmaster.cluster().admin_connection_string()).execute("create table public.gone (n int)");
  }
  const Postmaster postmaster(stack::open_cluster(folder.project, port, true));
  BlockingConnection connection(postmaster.cluster().admin_connection_string());
  EXPECT_EQ(connection.query("select to_regclass('public.gone')::text").at(0).at(0), std::nullopt);
}

// The process ends at the first folder that it would remove.
void reset_until_a_folder_is_removed(const stack::Project& project, std::uint16_t port) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::array instructions{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unlinkat, 0, 3),
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AT_REMOVEDIR, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{.len = instructions.size(), .filter = instructions.data()};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
    static_cast<void>(stack::open_cluster(project, port, true));
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(Cluster, whose_reset_was_killed_is_made_anew) {
  const InitialisedProject folder;
  const std::uint16_t port = free_port();
  {
    const Postmaster postmaster(stack::open_cluster(folder.project, port, false));
    BlockingConnection(postmaster.cluster().admin_connection_string()).execute("create table public.gone (n int)");
  }
  reset_until_a_folder_is_removed(folder.project, port);
  const Postmaster postmaster(stack::open_cluster(folder.project, port, false));
  BlockingConnection connection(postmaster.cluster().admin_connection_string());
  EXPECT_EQ(connection.query("select to_regclass('public.gone')::text").at(0).at(0), std::nullopt);
  for (const auto& entry : std::filesystem::directory_iterator(folder.project.state_folder()))
    EXPECT_EQ(entry.path().string().find("thrown-away"), std::string::npos) << entry.path();
}

// A copy that somebody has made by hand is neither a start's to remove nor a reset's.
TEST(Cluster, leaves_alone_what_somebody_has_put_aside) {
  const InitialisedProject folder;
  const auto data = stack::data_folder(folder.project, stack::postgres_account());
  std::vector<std::filesystem::path> kept;
  for (const char* name : {".old", ".bak", ".orig", "-old", ".1"}) {
    kept.emplace_back(data.string() + name);
    std::filesystem::create_directory(kept.back());
    std::ofstream(kept.back() / "PG_VERSION") << "15\n";
  }
  for (const bool reset : {false, true}) {
    static_cast<void>(stack::open_cluster(folder.project, free_port(), reset));
    for (const auto& copy : kept) EXPECT_TRUE(std::filesystem::exists(copy / "PG_VERSION")) << copy << reset;
  }
}

// Data that came with a container's image cannot be renamed: the file system says that it is another one's.
TEST(Cluster, that_lies_in_the_image_of_a_container_is_reset) {
  if (geteuid() != 0) GTEST_SKIP() << "only root mounts";
  const InitialisedProject folder;
  const std::filesystem::path root = folder.project.root, state = folder.project.state_folder();
  std::ofstream(stack::data_folder(folder.project, stack::postgres_account()) / "of_before");
  constexpr int not_mounted = 77;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::filesystem::create_directory(root / "upper");
    std::filesystem::create_directory(root / "work");
    const std::string options = "lowerdir=" + state.string() + ",upperdir=" + (root / "upper").string() +
                                ",workdir=" + (root / "work").string();
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("overlay", state.c_str(), "overlay", 0, options.c_str()) != 0) {
      _exit(not_mounted);
    }
    std::filesystem::permissions(state, std::filesystem::perms(0755));
    try {
      const stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), true);
      _exit(std::filesystem::exists(cluster.data / "of_before") || !std::filesystem::exists(cluster.data / "PG_VERSION")
                ? 2
                : 0);
    } catch (const std::exception& failure) {
      std::cerr << failure.what() << '\n';
      _exit(1);
    }
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == not_mounted) GTEST_SKIP() << "no overlay is mounted here";
  EXPECT_EQ(status, 0);
}

// A server process that computes lives on when its postmaster is killed, and its data may not go from under it.

}  // namespace
}  // namespace bailey::test
