#include <bailey/base/error.hpp>
#include <bailey/http/spooled_file.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/when.hpp>

#include "http/memory_use.hpp"
#include "http/scratch_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey::http {
namespace {

using test::ScratchDirectory;

// Bytes of which no two places look the same for long.
std::string text_of(std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < 9'973; ++i) text += std::to_string(i) + ",";
  while (text.size() < bytes) text += text + std::to_string(text.size());
  text.resize(bytes);
  return text;
}

Task<SpooledFile> file_of(const Spool& spool, std::string text, std::size_t part = 10'000) {
  SpooledFile file = spool.make_file();
  for (std::size_t at = 0; at < text.size(); at += part) co_await file.write(std::string_view(text).substr(at, part));
  co_return file;
}

Task<std::string> rest_of(SpooledFile& file, std::size_t part) {
  std::string all;
  for (std::string read = co_await file.read(part); !read.empty(); read = co_await file.read(part)) {
    EXPECT_LE(read.size(), part);
    all += read;
  }
  co_return all;
}

// The code and the status of what the task throws, and what the log would be told.
std::string thrown_by(Task<> task) {
  try {
    run_blocking(std::move(task));
  } catch (const Error& error) {
    return error.code() + " " + std::to_string(error.http_status()) + " " + error.log_details();
  }
  return "nothing";
}

std::size_t open_files() {
  const std::filesystem::directory_iterator descriptors("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
}

// Files may become so long only, as on a disk that is full.
class ShortDisk {
 public:
  explicit ShortDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~ShortDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  ShortDisk(const ShortDisk&) = delete;
  ShortDisk& operator=(const ShortDisk&) = delete;

 private:
  rlimit before_{};
  sighandler_t handler_;
};

class SpooledFiles : public testing::Test {
 protected:
  ScratchDirectory directory_;
  BlockingPool pool_;
  Spool spool_{pool_, {.directory = directory_.path(), .file_memory_bytes = 100'000, .memory_limit_bytes = 300'000}};
};

TEST_F(SpooledFiles, gives_back_what_was_written_from_memory_and_from_the_disk) {
  for (const std::size_t size : {0UZ, 1UZ, 99'999UZ, 100'000UZ, 100'001UZ, 1'000'000UZ}) {
    const std::string text = text_of(size);
    run_blocking([&]() -> Task<> {
      SpooledFile file = co_await file_of(spool_, text);
      EXPECT_EQ(file.size(), size);
      EXPECT_EQ(file.is_in_memory(), size <= 100'000);
      EXPECT_TRUE(co_await rest_of(file, 7'777) == text) << size;
      EXPECT_EQ(co_await file.read(), "");
      file.seek(size / 2);
      EXPECT_TRUE(co_await rest_of(file, 1'000'000) == text.substr(size / 2)) << size;
      file.seek(size + 1);
      EXPECT_EQ(co_await file.read(), "");
      EXPECT_TRUE(co_await file.read_all(size) == text) << size;
      if (size > 0) {
        EXPECT_THROW(co_await file.read_all(size - 1), Error);
      }
    });
  }
}

TEST_F(SpooledFiles, keep_a_text_of_its_own_until_it_is_written_though_the_file_goes_elsewhere_meanwhile) {
  run_blocking([&]() -> Task<> {
    std::optional<SpooledFile> file = spool_.make_file();
    const std::string name(100, 'n');
    Task<> later = file->write(name + "!");
    SpooledFile elsewhere = *std::move(file);
    file.reset();
    co_await std::move(later);
    EXPECT_EQ(co_await elsewhere.read_all(1000), name + "!");
  });
}

TEST_F(SpooledFiles, can_be_written_to_after_they_have_been_read) {
  run_blocking([&]() -> Task<> {
    SpooledFile file = co_await file_of(spool_, text_of(200'000));
    co_await file.read();
    co_await file.write("end");
    file.seek(199'999);
    EXPECT_EQ(co_await rest_of(file, 100), text_of(200'000).substr(199'999) + "end");
  });
}

TEST_F(SpooledFiles, have_no_name_and_leave_nothing) {
  const std::size_t before = open_files();
  run_blocking([&]() -> Task<> {
    const SpooledFile large = co_await file_of(spool_, text_of(500'000));
    const SpooledFile small = co_await file_of(spool_, text_of(50'000));
    EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
    EXPECT_GT(spool_.memory_used_bytes(), 0U);
  });
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
  EXPECT_EQ(open_files(), before);
}

TEST_F(SpooledFiles, go_to_the_disk_when_all_of_them_have_taken_the_memory) {
  run_blocking([&]() -> Task<> {
    std::vector<SpooledFile> files;
    for (int i = 0; i < 10; ++i) files.push_back(co_await file_of(spool_, text_of(90'000)));
    EXPECT_EQ(std::ranges::count_if(files, &SpooledFile::is_in_memory), 3);
    EXPECT_LE(spool_.memory_used_bytes(), 300'000U);
    for (SpooledFile& file : files) EXPECT_TRUE(co_await file.read_all(90'000) == text_of(90'000));
    Spool::Memory memory(spool_);
    memory.add(20'000);
    EXPECT_THROW(memory.add(20'000), Error);
    files.clear();
    memory.add(250'000);
  });
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

TEST_F(SpooledFiles, are_saved_where_they_are_wanted) {
  for (const std::size_t size : {0UZ, 50'000UZ, 500'000UZ}) {
    const std::string path = directory_.path() + "/saved-" + std::to_string(size);
    std::ofstream(path) << "the file that was there";
    run_blocking([&]() -> Task<> {
      SpooledFile file = co_await file_of(spool_, text_of(size));
      co_await file.save_to(path);
      EXPECT_TRUE(co_await file.read_all(size) == text_of(size));
      co_await file.save_to(path + "-again");
      EXPECT_THROW(co_await file.write("more"), Error);
    });
    EXPECT_TRUE(ScratchDirectory::contents_of(path) == text_of(size)) << size;
    EXPECT_TRUE(ScratchDirectory::contents_of(path + "-again") == text_of(size)) << size;
    struct stat once{}, again{};
    ASSERT_EQ(::stat(path.c_str(), &once), 0);
    ASSERT_EQ(::stat((path + "-again").c_str(), &again), 0);
    EXPECT_NE(once.st_ino, again.st_ino);  // else who writes to one writes to both
    const mode_t mask = ::umask(0);
    ::umask(mask);
    EXPECT_EQ(once.st_mode & 0777, 0666 & ~mask);
    EXPECT_EQ(again.st_mode & 0777, 0666 & ~mask);
  }
  const std::filesystem::directory_iterator left(directory_.path());
  EXPECT_EQ(std::distance(begin(left), end(left)), 6);
}

TEST_F(SpooledFiles, are_copied_to_another_file_system) {
  struct stat here{}, there{};
  ASSERT_EQ(::stat(directory_.path().c_str(), &here), 0);
  if (::stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev || ::access("/dev/shm", W_OK) != 0)
    GTEST_SKIP() << "/dev/shm is no other one";
  const ScratchDirectory shared("/dev/shm");
  run_blocking([&]() -> Task<> {
    SpooledFile file = co_await file_of(spool_, text_of(20'000'000), 1'000'000);
    co_await file.save_to(shared.path() + "/saved");
  });
  EXPECT_TRUE(ScratchDirectory::contents_of(shared.path() + "/saved") == text_of(20'000'000));
}

TEST_F(SpooledFiles, that_cannot_be_saved_leave_the_directory_as_it_was) {
  std::filesystem::create_directory(directory_.path() + "/canary");
  for (const std::size_t size : {50'000UZ, 500'000UZ})
    for (const std::string& path : {directory_.path() + "/canary", directory_.path() + "/none/canary",
                                    std::string("canary\0.txt", 11), std::string(), directory_.path() + "/"}) {
      std::string message;
      run_blocking([&]() -> Task<> {
        SpooledFile file = co_await file_of(spool_, text_of(size));
        try {
          co_await file.save_to(path);
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), "storage_failed");
          message = error.message();
        }
        EXPECT_TRUE(co_await file.read_all(size) == text_of(size));
      });
      EXPECT_NE(message, "") << path;
      EXPECT_THAT(message, testing::Not(testing::HasSubstr("canary")));
    }
  const std::filesystem::directory_iterator left(directory_.path());
  EXPECT_EQ(std::distance(begin(left), end(left)), 1);
}

TEST_F(SpooledFiles, are_refused_for_the_moment_while_there_are_no_descriptors_left) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "the sanitizer itself needs descriptors to look at objects";
#endif
#endif
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const auto upload = [](const Spool& spool) -> Task<> {
    const SpooledFile file = co_await file_of(spool, text_of(500'000));
  };
  std::string thrown;
  run_blocking([&]() -> Task<> {
    const rlimit none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);  // what is open stays so, the loop's own among it
    try {
      co_await upload(spool_);
    } catch (const Error& error) {
      thrown = error.code() + " " + std::to_string(error.answer().status) + " " + error.log_details();
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
  });
  EXPECT_EQ(thrown.substr(0, 15), "overloaded 503 ") << thrown;
  EXPECT_THAT(thrown, testing::HasSubstr("Too many open files"));
  run_blocking([&]() -> Task<> { co_await upload(spool_); });
}

TEST_F(SpooledFiles, tell_a_full_disk_from_other_failures_and_the_log_why) {
  {
    const ShortDisk disk(150'000);
    EXPECT_EQ(thrown_by([](const Spool& spool) -> Task<> {
                const SpooledFile file = co_await file_of(spool, text_of(500'000));
              }(spool_)),
              "insufficient_storage 507 writing a temporary file: File too large");
    run_blocking([&]() -> Task<> {
      SpooledFile file = spool_.make_file();
      EXPECT_THROW(co_await file.write(text_of(500'000)), Error);
      EXPECT_THROW(co_await file.write("more"), Error);  // part of it is lost, for ever
      EXPECT_THROW(co_await file.read(), Error);
      EXPECT_THROW(co_await file.save_to(directory_.path() + "/saved"), Error);
      EXPECT_FALSE(std::filesystem::exists(directory_.path() + "/saved"));
    });
  }
  const Spool nowhere(pool_, {.directory = "/nowhere", .file_memory_bytes = 0});
  EXPECT_EQ(thrown_by([](const Spool& spool) -> Task<> {
              SpooledFile file = spool.make_file();
              co_await file.write("x");
            }(nowhere)),
            "storage_failed 500 making a temporary file in /nowhere: No such file or directory");
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

TEST_F(SpooledFiles, wait_for_the_pool_instead_of_being_refused) {
  BlockingPool narrow({.threads = 1, .queue_limit = 1});
  const Spool spool(narrow, {.directory = directory_.path(), .file_memory_bytes = 0, .jobs_at_once = 1});
  run_blocking([&]() -> Task<> {
    const auto many = [&]() -> Task<std::vector<SpooledFile>> {
      std::vector<SpooledFile> files;
      for (int i = 0; i < 20; ++i) files.push_back(co_await file_of(spool, text_of(20'000), 1'000));
      co_return files;
    };
    auto [a, b, c, d] = co_await when_all(many(), many(), many(), many());
    EXPECT_EQ(a.size() + b.size() + c.size() + d.size(), 80U);
    for (SpooledFile& file : d) EXPECT_TRUE(co_await file.read_all(20'000) == text_of(20'000));
  });
}

TEST_F(SpooledFiles, outlive_the_spool_and_what_they_were_moved_from) {
  run_blocking([&]() -> Task<> {
    auto spool = std::make_optional<Spool>(spool_);
    SpooledFile file = co_await file_of(*spool, text_of(200'000));
    spool.reset();
    SpooledFile moved = std::move(file);
    EXPECT_EQ(file.size(), 0U);                        // NOLINT(bugprone-use-after-move): is told, not undefined
    EXPECT_THROW(co_await file.read(), Error);         // NOLINT(bugprone-use-after-move)
    EXPECT_THROW(co_await file.write("more"), Error);  // NOLINT(bugprone-use-after-move)
    auto reading = moved.read_all(200'000);
    {
      const SpooledFile gone = std::move(moved);
    }
    EXPECT_TRUE(co_await std::move(reading) == text_of(200'000));
  });
}

// A loop that ends destroys the frames of its tasks, with the files in them, also while the pool works on one.
TEST_F(SpooledFiles, go_with_the_loop_that_ends) {
  const std::size_t before = open_files();
  for (int i = 0; i < 20; ++i) {
    Runtime runtime({.threads = 1, .handle_signals = false});
    runtime.loop(0).spawn("upload", [](const Spool& spool, Runtime& ending) -> Task<> {
      SpooledFile file = co_await file_of(spool, text_of(200'000), 200'000);
      ending.request_stop();
      for (;;) co_await file.write(text_of(200'000));
    }(spool_, runtime));
    runtime.run();
  }
  run_blocking([&]() -> Task<> { co_await pool_.run([] {}); });
  EXPECT_EQ(open_files(), before);
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

}  // namespace
}  // namespace bailey::http
