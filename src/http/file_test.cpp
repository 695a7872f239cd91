#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include "http/file.hpp"
#include "http/test_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace bailey::http {
namespace {

using test::TestFolder;

// As a server does it: at once if possible, else on a thread.
int reason_below(const TestFolder& folder, std::string path) {
  const int directory = ::open(folder.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const auto file = run_blocking(
      wait_for_disk([directory, path](Waiting waiting) { return File::open_below(directory, path, waiting); }));
  ::close(directory);
  return file ? 0 : file.error();
}

TEST(File, below_a_directory_is_opened_and_nothing_outside_of_it_is) {
  const TestFolder outside;
  const std::string secret = outside.write("secret", "s");
  const TestFolder folder;
  folder.write("a.txt", "a");
  folder.write("in/b.txt", "b");
  namespace fs = std::filesystem;
  fs::create_symlink("in/b.txt", folder.at("inner"));
  fs::create_symlink("../a.txt", folder.at("in/up"));
  fs::create_symlink(secret, folder.at("absolute"));
  fs::create_symlink(fs::relative(secret, folder.path()), folder.at("relative"));
  fs::create_directory_symlink(outside.path(), folder.at("out"));
  fs::create_symlink("loop", folder.at("loop"));
  ::mkfifo(folder.at("pipe").c_str(), 0600);

  EXPECT_EQ(reason_below(folder, "a.txt"), 0);
  EXPECT_EQ(reason_below(folder, "in/b.txt"), 0);
  EXPECT_EQ(reason_below(folder, "inner"), 0);
  EXPECT_EQ(reason_below(folder, "in/up"), 0);
  for (const std::string& path : std::vector<std::string>{"absolute", "relative", "out/secret",
                                                          "../" + outside.path().filename().string() + "/secret",
                                                          "/etc/passwd", secret, "in/../../x"})
    EXPECT_NE(reason_below(folder, path), 0) << path;
  EXPECT_EQ(reason_below(folder, "missing"), ENOENT);
  EXPECT_EQ(reason_below(folder, "a.txt/b"), ENOTDIR);
  EXPECT_EQ(reason_below(folder, "in"), EISDIR);
  EXPECT_EQ(reason_below(folder, "pipe"), EINVAL);
  EXPECT_EQ(reason_below(folder, "loop"), ELOOP);
  EXPECT_EQ(reason_below(folder, std::string(300, 'n')), ENAMETOOLONG);
  EXPECT_EQ(reason_below(folder, std::string("a.txt\0.png", 10)), EINVAL);
}

TEST(File, walked_to_name_by_name_follows_no_link_at_all) {
  const TestFolder folder;
  folder.write("in/deep/b.txt", "b");
  std::filesystem::create_symlink("b.txt", folder.at("in/deep/link"));
  std::filesystem::create_directory_symlink("deep", folder.at("in/linked"));
  const int directory = ::open(folder.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const auto reason = [&](const std::string& path) {
    const auto file = File::open_name_by_name(directory, path);
    return file ? 0 : file.error();
  };
  EXPECT_EQ(reason("in/deep/b.txt"), 0);
  EXPECT_EQ(reason("in/deep"), EISDIR);
  EXPECT_EQ(reason("in/none"), ENOENT);
  EXPECT_EQ(reason("in/deep/link"), ELOOP);
  EXPECT_EQ(reason("in/linked/b.txt"), ENOTDIR);
  EXPECT_EQ(reason("../x"), EXDEV);
  EXPECT_EQ(reason("in/../in/deep/b.txt"), EXDEV);
  EXPECT_EQ(reason("/etc/passwd"), EXDEV);
  EXPECT_EQ(reason("in//deep/b.txt"), EXDEV);
  EXPECT_EQ(reason(""), EXDEV);
  ::close(directory);
}

TEST(File, that_has_to_be_waited_for_is_read_on_a_thread_and_by_parts) {
  const TestFolder folder;
  std::string text;
  for (int i = 0; text.size() < 300'000; ++i) text += std::to_string(i) + ' ';
  const std::string path = folder.write("text", text);
  {  // out of memory with it, as far as the system likes
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ::fsync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
  }
  const auto read_all = [](std::string from) -> Task<std::string> {
    std::expected<File, int> file = File::open(from, Waiting::allowed);
    FileReader reader(std::move(file.value()), 4096);
    std::string all;
    for (;;) {
      const std::string_view part = co_await reader.read(all.size(), 1'000'000);
      if (part.empty()) break;
      EXPECT_LE(part.size(), 4096U);
      all += part;
    }
    co_return all;
  };
  EXPECT_EQ(run_blocking(read_all(path)), text);
}

TEST(File, is_asked_for_again_on_a_thread_only_when_the_disk_is_to_be_waited_for) {
  const auto loop_thread = std::this_thread::get_id();
  std::vector<bool> calls;
  const auto attempt = [&](int answer) {
    return [&calls, loop_thread, answer](Waiting waiting) -> std::expected<int, int> {
      EXPECT_EQ(waiting == Waiting::refused, std::this_thread::get_id() == loop_thread);
      calls.push_back(waiting == Waiting::allowed);
      if (waiting == Waiting::refused && answer != 0) return std::unexpected(answer);
      return 7;
    };
  };
  EXPECT_EQ(run_blocking(wait_for_disk(attempt(0))).value(), 7);
  EXPECT_EQ(run_blocking(wait_for_disk(attempt(ENOENT))).error(), ENOENT);
  EXPECT_EQ(run_blocking(wait_for_disk(attempt(EAGAIN))).value(), 7);
  EXPECT_EQ(calls, (std::vector{false, false, false, true}));
}

TEST(File, that_is_waited_for_while_the_loop_ends_is_the_threads_own) {
  struct AtEnd {
    std::latch& latch;
    ~AtEnd() { latch.count_down(); }
  };
  const TestFolder folder;
  const std::string path = folder.write("a", "text");
  std::latch is_waiting(1), frame_has_gone(1);
  std::string read(4, ' ');
  {
    Loop loop;
    loop.spawn("reads", [](std::string from, std::latch& waiting, std::latch& gone, std::string& into) -> Task<> {
      const AtEnd at_end(gone);
      auto attempt = [from, &waiting, &gone, &into](Waiting may) -> std::expected<File, int> {
        if (may == Waiting::refused) return std::unexpected(EAGAIN);
        waiting.count_down();
        gone.wait();
        std::expected<File, int> file = File::open(from, may);
        static_cast<void>(file->read_some(0, into, may));
        return file;
      };
      static_cast<void>(co_await wait_for_disk(std::move(attempt)));
    }(path, is_waiting, frame_has_gone, read));
    std::jthread stopper([&] {
      is_waiting.wait();
      loop.stop(std::chrono::milliseconds(0));
    });
    loop.run();
  }
  EXPECT_EQ(read, "text");
}

}  // namespace
}  // namespace bailey::http
