// Files as answers, over a real connection: which status, which fields, which bytes.
#include <bailey/base/log.hpp>
#include <bailey/http/file_response.hpp>

#include "http/memory_use.hpp"
#include "http/test_folder.hpp"
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

namespace bailey::http::test {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string request_text(std::string_view target, const Fields& fields = {}, std::string_view method = "GET") {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: a\r\n");
  for (const auto& [name, value] : fields) text.append(name).append(": ").append(value).append("\r\n");
  return text.append("\r\n");
}

std::string field_of(std::string_view answer, std::string_view name) {
  const std::string line = "\r\n" + std::string(name) + ": ";
  const std::size_t at = answer.substr(0, answer.find("\r\n\r\n") + 2).find(line);
  if (at == std::string_view::npos) return "(none)";
  const std::size_t begin = at + line.size();
  return std::string(answer.substr(begin, answer.find("\r\n", begin) - begin));
}

// A server of one folder's files, asked on one connection.
class Files {
 public:
  explicit Files(FileOptions options = {}, ServerOptions server = {})
      : server_(
            [this, options](Request& request) -> Answer {
              return file_response(request, folder.at(request.path().substr(1)), options);
            },
            std::move(server)) {}

  std::string get(std::string_view target, const Fields& fields = {}) {
    if (!client_) client_ = std::make_unique<RawClient>(server_.port());
    client_->send(request_text(target, fields));
    return client_->answer();
  }
  std::string head(std::string_view target, const Fields& fields = {}) {
    if (!client_) client_ = std::make_unique<RawClient>(server_.port());
    client_->send(request_text(target, fields, "HEAD"));
    return client_->answer(true);
  }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  void stop() { server_.stop(); }

  const TestFolder folder;

 private:
  TestServer server_;
  std::unique_ptr<RawClient> client_;
};

std::string numbers(std::size_t size) {
  static const std::string all = [] {
    std::string text;
    for (int i = 0; text.size() < 8'000'000; ++i) text += std::to_string(i) + ',';
    return text;
  }();
  return all.substr(0, size);
}

TEST(FileResponse, is_the_file_with_what_caches_need) {
  Files files({.cache_control = "no-cache"});
  files.folder.write("a.txt", "hello");
  files.folder.write("none.txt", "");
  const std::string answer = files.get("/a.txt");
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer), "hello");
  EXPECT_EQ(field_of(answer, "Content-Length"), "5");
  EXPECT_EQ(field_of(answer, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(field_of(answer, "Accept-Ranges"), "bytes");
  EXPECT_EQ(field_of(answer, "Cache-Control"), "no-cache");
  EXPECT_TRUE(field_of(answer, "Last-Modified").ends_with(" GMT"));
  const std::string etag = field_of(answer, "ETag");
  EXPECT_TRUE(etag.size() > 10 && etag.front() == '"' && etag.back() == '"') << etag;
  EXPECT_EQ(field_of(files.get("/a.txt"), "ETag"), etag);

  const std::string head = files.head("/a.txt");
  EXPECT_EQ(status_of(head), 200);
  for (const std::string_view name : {"ETag", "Last-Modified", "Content-Length", "Content-Type", "Accept-Ranges"})
    EXPECT_EQ(field_of(head, name), field_of(answer, name)) << name;
  EXPECT_EQ(field_of(files.get("/none.txt"), "Content-Length"), "0");
  EXPECT_EQ(field_of(files.head("/none.txt"), "Content-Length"), "0");
}

TEST(FileResponse, of_any_size_arrives_whole) {
  Files files;
  for (const std::size_t size : {1UL, 16'384UL, 65'535UL, 65'536UL, 65'537UL, 200'000UL, 3'000'000UL}) {
    const std::string text = numbers(size);
    files.folder.write("file", text);
    const std::string answer = files.get("/file");
    EXPECT_EQ(field_of(answer, "Content-Length"), std::to_string(size));
    EXPECT_TRUE(body_of(answer) == text) << size;
  }
}

TEST(FileResponse, has_another_tag_once_the_file_is_another) {
  Files files;
  const std::string path = files.folder.write("a", "one");
  const std::string first = field_of(files.get("/a"), "ETag");
  const auto time = std::filesystem::last_write_time(path);
  std::filesystem::last_write_time(path, time + std::chrono::nanoseconds(1000));
  const std::string second = field_of(files.get("/a"), "ETag");
  EXPECT_NE(first, second) << "written within the same second";
  std::filesystem::last_write_time(path, time);
  EXPECT_EQ(field_of(files.get("/a"), "ETag"), first);
  std::filesystem::rename(files.folder.write("b", "two"), path);
  std::filesystem::last_write_time(path, time);
  EXPECT_NE(field_of(files.get("/a"), "ETag"), first) << "replaced by one of the same size and time";
}

TEST(FileResponse, is_not_sent_to_who_has_it) {
  Files files({.cache_control = "max-age=60"});
  files.folder.write("a.txt", "hello");
  const std::string whole = files.get("/a.txt");
  const std::string etag = field_of(whole, "ETag"), date = field_of(whole, "Last-Modified");
  for (const Fields& fields : std::vector<Fields>{{{"If-None-Match", etag}},
                                                  {{"If-None-Match", "W/" + etag}},
                                                  {{"If-None-Match", "*"}},
                                                  {{"If-Modified-Since", date}},
                                                  {{"If-None-Match", etag}, {"Range", "bytes=0-0"}}}) {
    for (const std::string& answer : {files.get("/a.txt", fields), files.head("/a.txt", fields)}) {
      EXPECT_EQ(status_of(answer), 304) << fields[0].second;
      EXPECT_EQ(body_of(answer), "");
      EXPECT_EQ(field_of(answer, "ETag"), etag);
      EXPECT_EQ(field_of(answer, "Cache-Control"), "max-age=60");
      EXPECT_EQ(field_of(answer, "Content-Length"), "(none)");
      EXPECT_EQ(field_of(answer, "Content-Type"), "(none)");
    }
  }
  EXPECT_EQ(status_of(files.get("/a.txt", {{"If-None-Match", "\"x\""}, {"If-Modified-Since", date}})), 200);
  EXPECT_EQ(status_of(files.get("/a.txt", {{"If-Match", "\"x\""}})), 412);
  EXPECT_EQ(status_of(files.get("/a.txt", {{"If-Match", etag}})), 200);
  EXPECT_EQ(status_of(files.get("/a.txt", {{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}})), 412);
}

TEST(FileResponse, was_never_written_in_the_future) {
  Files files;
  const std::string path = files.folder.write("a", "text");
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() + std::chrono::hours(24 * 365));
  const std::string answer = files.get("/a");
  EXPECT_EQ(field_of(answer, "Last-Modified").substr(0, 22), field_of(answer, "Date").substr(0, 22));
}

TEST(FileResponse, to_a_range_is_a_part) {
  Files files;
  const std::string text = numbers(200'000);
  files.folder.write("a.txt", text);
  struct Case {
    std::string range, content_range;
    std::size_t first, length;
  };
  for (const Case& each : std::vector<Case>{{"bytes=0-0", "bytes 0-0/200000", 0, 1},
                                            {"bytes=100-299", "bytes 100-299/200000", 100, 200},
                                            {"bytes=199990-", "bytes 199990-199999/200000", 199'990, 10},
                                            {"bytes=-5", "bytes 199995-199999/200000", 199'995, 5},
                                            {"bytes=1000-190000", "bytes 1000-190000/200000", 1000, 189'001},
                                            {"bytes=0-99,50-199", "bytes 0-199/200000", 0, 200}}) {
    const std::string answer = files.get("/a.txt", {{"Range", each.range}});
    EXPECT_EQ(status_of(answer), 206);
    EXPECT_EQ(field_of(answer, "Content-Range"), each.content_range);
    EXPECT_EQ(field_of(answer, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_TRUE(body_of(answer) == text.substr(each.first, each.length)) << each.range;
  }
  for (const std::string_view range : {"bytes=200000-", "bytes=-0"}) {
    const std::string answer = files.get("/a.txt", {{"Range", std::string(range)}});
    EXPECT_EQ(status_of(answer), 416);
    EXPECT_EQ(field_of(answer, "Content-Range"), "bytes */200000");
  }
  for (const std::string_view range : {"bytes=5-1", "nonsense", "bytes=", "items=0-1"})
    EXPECT_EQ(status_of(files.get("/a.txt", {{"Range", std::string(range)}})), 200) << range;
  EXPECT_EQ(status_of(files.get("/a.txt", {{"Range", "bytes=0-0"}, {"Range", "bytes=1-1"}})), 200);
  EXPECT_EQ(field_of(files.head("/a.txt", {{"Range", "bytes=0-0"}}), "Content-Length"), "200000");
}

TEST(FileResponse, to_several_ranges_has_a_part_for_each) {
  Files files;
  const std::string text = numbers(300'000);
  files.folder.write("a.txt", text);
  const std::string answer = files.get("/a.txt", {{"Range", "bytes=-2, 0-4, 1000-200000"}});
  EXPECT_EQ(status_of(answer), 206);
  EXPECT_EQ(field_of(answer, "Content-Range"), "(none)");
  const std::string type = field_of(answer, "Content-Type");
  ASSERT_TRUE(type.starts_with("multipart/byteranges; boundary=")) << type;
  const std::string line = "--" + type.substr(type.find('=') + 1);
  const auto part = [&](std::string_view range, std::string_view bytes) {
    return line + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes " + std::string(range) +
           "/300000\r\n\r\n" + std::string(bytes) + "\r\n";
  };
  EXPECT_TRUE(body_of(answer) == part("299998-299999", text.substr(299'998)) + part("0-4", text.substr(0, 5)) +
                                     part("1000-200000", text.substr(1000, 199'001)) + line + "--\r\n");
  EXPECT_EQ(field_of(answer, "Content-Length"), std::to_string(body_of(answer).size()));
  std::string many = "bytes=0-0";
  for (int i = 1; i < 17; ++i) many += "," + std::to_string(i * 10) + "-" + std::to_string(i * 10);
  EXPECT_EQ(status_of(files.get("/a.txt", {{"Range", many}})), 200);
}

TEST(FileResponse, to_a_range_of_what_has_changed_is_all_of_it) {
  Files files;
  files.folder.write("a.txt", "hello");
  const std::string whole = files.get("/a.txt");
  const auto ask = [&](const std::string& if_range) {
    return status_of(files.get("/a.txt", {{"Range", "bytes=0-1"}, {"If-Range", if_range}}));
  };
  EXPECT_EQ(ask(field_of(whole, "ETag")), 206);
  EXPECT_EQ(ask(field_of(whole, "Last-Modified")), 206);
  EXPECT_EQ(ask("W/" + field_of(whole, "ETag")), 200);
  EXPECT_EQ(ask("\"other\""), 200);
  EXPECT_EQ(ask("Sun, 06 Nov 1994 08:49:37 GMT"), 200);
}

TEST(FileResponse, of_random_ranges_adds_up_to_what_was_asked_for) {
  Files files;
  const std::string text = numbers(100'000);
  files.folder.write("a", text);
  std::mt19937 random(11);  // NOLINT(bugprone-random-generator-seed): the same each time
  std::uniform_int_distribution<std::size_t> anywhere(0, text.size() - 1);
  for (int round = 0; round < 200; ++round) {
    std::size_t first = anywhere(random), last = anywhere(random);
    if (first > last) std::swap(first, last);
    const std::string answer =
        files.get("/a", {{"Range", "bytes=" + std::to_string(first) + "-" + std::to_string(last)}});
    ASSERT_EQ(status_of(answer), 206);
    ASSERT_TRUE(body_of(answer) == std::string_view(text).substr(first, last - first + 1)) << first << "-" << last;
  }
}

TEST(FileResponse, says_under_which_name_it_is_to_be_saved) {
  Files saved({.content_type = "application/pdf", .download_name = "Übersicht.pdf"});
  saved.folder.write("a", "text");
  const std::string answer = saved.get("/a");
  EXPECT_EQ(field_of(answer, "Content-Type"), "application/pdf");
  EXPECT_EQ(field_of(answer, "Content-Disposition"),
            "attachment; filename=\"_bersicht.pdf\"; filename*=UTF-8''%C3%9Cbersicht.pdf");
  Files shown({.download_name = "a.txt", .is_shown = true});
  shown.folder.write("a", "text");
  EXPECT_EQ(field_of(shown.get("/a"), "Content-Disposition"), "inline; filename=\"a.txt\"");
}

TEST(FileResponse, is_404_for_what_is_no_regular_file) {
  Files files;
  files.folder.write("dir/a", "text");
  ::mkfifo(files.folder.at("pipe").c_str(), 0600);
  for (const std::string_view target : {"/missing", "/dir", "/dir/", "/dir/a/b", "/pipe", "/"})
    EXPECT_EQ(status_of(files.get(target)), 404) << target;
}

TEST(FileResponse, is_503_when_there_are_no_descriptors_left) {
  Files files;
  files.folder.write("a", "text");
  EXPECT_EQ(status_of(files.get("/a")), 200);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const std::string answer = files.get("/a");
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_FALSE(answer.contains(files.folder.path().string()));
}

// A client that reads nothing until it is told to, so that the answer is under way.
struct SlowReader {
  explicit SlowReader(const Files& files) : client(files.port(), 256 * 1024) {
    client.send(request_text("/large"));
    client.read_until(1000);
  }
  RawClient client;
};

TEST(FileResponse, is_the_file_that_was_opened_whatever_becomes_of_its_name) {
  Files files;
  const std::string text = numbers(8'000'000);
  files.folder.write("large", text);
  SlowReader reader(files);
  std::filesystem::remove(files.folder.at("large"));
  files.folder.write("large", "another");
  EXPECT_TRUE(body_of(reader.client.answer()) == text);
}

TEST(FileResponse, ends_where_it_was_to_end_when_the_file_grows_meanwhile) {
  Files files;
  const std::string text = numbers(8'000'000);
  const std::string path = files.folder.write("large", text);
  SlowReader reader(files);
  std::ofstream(path, std::ios::app) << "more";
  EXPECT_TRUE(body_of(reader.client.answer()) == text);
  reader.client.send(request_text("/large", {{"Range", "bytes=-4"}}));
  EXPECT_EQ(body_of(reader.client.answer()), "more");
}

TEST(FileResponse, is_cut_when_the_file_shrinks_meanwhile) {
  log::set_sink([](log::Level, std::string_view) {});
  Files files;
  files.folder.write("large", numbers(8'000'000));
  SlowReader reader(files);
  std::filesystem::resize_file(files.folder.at("large"), 100);
  EXPECT_LT(body_of(reader.client.everything()).size(), 8'000'000U);
  files.stop();
  log::set_sink({});
}

TEST(FileResponse, lets_go_of_the_file_when_the_reader_goes) {
  Files files;
  files.folder.write("large", numbers(8'000'000));
  const auto open_descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::ranges::count_if(all, [](const auto& each) {
      std::error_code ignored;
      return std::filesystem::read_symlink(each, ignored).string().ends_with("/large");
    });
  };
  for (int i = 0; i < 5; ++i) {
    SlowReader reader(files);
    EXPECT_EQ(open_descriptors(), 1);
    reader.client.reset();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (open_descriptors() != 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(open_descriptors(), 0);
  }
}

TEST(FileResponse, is_cut_when_the_server_has_waited_long_enough_for_its_end) {
  log::set_sink([](log::Level, std::string_view) {});
  ServerOptions impatient;
  impatient.shutdown_timeout = std::chrono::milliseconds(100);
  Files files({}, impatient);
  files.folder.write("large", numbers(8'000'000));
  SlowReader reader(files);
  files.stop();
  EXPECT_LT(body_of(reader.client.everything()).size(), 8'000'000U);
  log::set_sink({});
}

TEST(FileResponse, beyond_four_gigabytes_is_found) {
  Files files;
  constexpr std::uint64_t size = 5'000'000'000;
  const std::string path = files.folder.write_hole("hole", size);
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(4'999'999'996) << "tail";
  const std::string answer = files.get("/hole", {{"Range", "bytes=-6"}});
  EXPECT_EQ(field_of(answer, "Content-Range"), "bytes 4999999994-4999999999/5000000000");
  EXPECT_EQ(body_of(answer), std::string("\0\0tail", 6));
  EXPECT_EQ(field_of(files.head("/hole"), "Content-Length"), "5000000000");
}

TEST(FileResponse, of_a_gigabyte_takes_no_memory_to_speak_of_and_leaves_others_their_turn) {
  Files files;
  files.folder.write_hole("hole", large_bytes);
  files.folder.write("small", "s");
  RawClient client(files.port());
  client.send(request_text("/hole", {{"Connection", "close"}}));
  std::string buffer(1024 * 1024, '\0');
  std::uint64_t received = 0, looked_at = 0;
  const long before = resident_kilobytes();
  long most = before;
  for (;;) {
    const ssize_t count = ::recv(client.descriptor(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    received += static_cast<std::uint64_t>(count);
    if (received - looked_at < 64 * 1024 * 1024) continue;
    looked_at = received;
    most = std::max(most, resident_kilobytes());
    EXPECT_EQ(body_of(files.get("/small")), "s");
  }
  EXPECT_GE(received, large_bytes);
  EXPECT_LT(received, large_bytes + 1000);
  if (memory_is_measured) {
    EXPECT_LT(most - before, 16 * 1024);
  }
}

}  // namespace
}  // namespace bailey::http::test
