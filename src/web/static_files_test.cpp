#include <bailey/base/log.hpp>
#include <bailey/web/file_response.hpp>
#include <bailey/web/static_files.hpp>

#include "http/test_folder.hpp"
#include "web/whole_reply.hpp"

#include <gtest/gtest.h>

#include <sys/fsuid.h>
#include <sys/stat.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

using http::test::TestFolder;
using web_testing::error_code_of;
using web_testing::Headers;
using web_testing::whole;
using web_testing::WholeReply;

// Serves a folder below /files/ to every method.
class Served {
 public:
  explicit Served(StaticFilesOptions options = {}) : options_(std::move(options)) {}

  WholeReply get(std::string path, Headers headers = {}) { return ask("GET", std::move(path), std::move(headers)); }
  WholeReply ask(std::string method, std::string path, Headers headers = {}) {
    if (!is_started_) start();
    return whole(app_, "/files/" + std::move(path), std::move(headers), std::move(method));
  }
  TestFolder folder;

 private:
  void start() {
    const StaticFiles files(folder.path().string(), options_);
    const auto serve = [files](const Request& request, Path<"path"> path) { return files.respond(request, *path); };
    app_.get("/files/{path:path}", serve);
    app_.post("/files/{path:path}", serve);
    app_.delete_("/files/{path:path}", serve);
    is_started_ = true;
  }
  StaticFilesOptions options_;
  App app_;
  bool is_started_ = false;
};

TEST(StaticFiles, are_sent_with_type_tag_and_cache_control) {
  Served served({.cache_control = "public, max-age=31536000, immutable"});
  served.folder.write("app.3f9c.js", "let a;");
  served.folder.write("in/page.html", "<p>");
  const WholeReply script = served.get("app.3f9c.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.body, "let a;");
  EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.header("Vary"), "(none)");
  const WholeReply page = served.get("in/page.html");
  EXPECT_EQ(page.body, "<p>");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache") << "whose name does not change with what is in it";
  const WholeReply again = served.get("app.3f9c.js", {{"If-None-Match", script.header("ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("Cache-Control"), "public, max-age=31536000, immutable");
  const WholeReply part = served.get("app.3f9c.js", {{"Range", "bytes=4-"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "a;");
  EXPECT_EQ(served.ask("HEAD", "app.3f9c.js").header("ETag"), script.header("ETag"));
}

TEST(StaticFiles, are_read_only) {
  for (const bool html : {false, true}) {
    Served served({.html = html});
    served.folder.write("a.txt", "a");
    for (const std::string method : {"POST", "DELETE"}) {
      for (const std::string path : {"a.txt", "missing"}) {
        const WholeReply reply = served.ask(method, path);
        EXPECT_EQ(reply.status, 405) << path;
        EXPECT_EQ(reply.header("Allow"), "GET, HEAD");
      }
    }
  }
}

// Each as it comes over the wire. None of them may find what is outside, nor say by another answer that it is there.
TEST(StaticFiles, of_a_hostile_path_are_none) {
  TestFolder outside;
  outside.write("secret.txt", "secret");
  const std::string up = "../" + outside.path().filename().string() + "/secret.txt";
  Served served({.html = true});
  served.folder.write("a.txt", "public");
  served.folder.write("in/b.txt", "public");
  served.folder.write(".env", "secret");
  served.folder.write(".git/config", "secret");
  namespace fs = std::filesystem;
  fs::create_symlink(outside.at("secret.txt"), served.folder.at("absolute"));
  fs::create_symlink(up, served.folder.at("relative"));
  fs::create_directory_symlink(outside.path(), served.folder.at("out"));
  fs::create_symlink("..", served.folder.at("up"));
  fs::create_symlink("loop", served.folder.at("loop"));
  ::mkfifo(served.folder.at("pipe").c_str(), 0600);
  fs::create_symlink("/dev/zero", served.folder.at("device"));

  std::string encoded;
  for (const char c : up) encoded += c == '.' ? "%2e" : c == '/' ? "%2F" : std::string(1, c);
  std::string twice;
  for (const char c : up) twice += c == '.' ? "%252e" : c == '/' ? "%252f" : std::string(1, c);
  for (const std::string& path : std::vector<std::string>{up,
                                                          encoded,
                                                          twice,
                                                          "in/../" + up,
                                                          "in/%2e%2e/%2e%2e/" + up.substr(3),
                                                          "..%5c" + up.substr(3),
                                                          "%5c..%5csecret.txt",
                                                          "..%c0%af" + up.substr(3),
                                                          "/etc/passwd",
                                                          "%2fetc%2fpasswd",
                                                          "//etc/passwd",
                                                          "file:///etc/passwd",
                                                          "C:%5cwindows",
                                                          "a.txt%00",
                                                          "%00",
                                                          "a.txt%00.html",
                                                          "in/../a.txt",
                                                          "in/..",
                                                          "in//b.txt",
                                                          "./a.txt",
                                                          "%2e/a.txt",
                                                          "a.txt/",
                                                          "a.txt/b",
                                                          "A.TXT",
                                                          "IN/b.txt",
                                                          ".env",
                                                          "%2eenv",
                                                          ".git/config",
                                                          "absolute",
                                                          "relative",
                                                          "out/secret.txt",
                                                          "out/",
                                                          "up/" + up.substr(3),
                                                          "up",
                                                          "loop",
                                                          "pipe",
                                                          "device",
                                                          "missing",
                                                          std::string(255, 'n'),
                                                          std::string(256, 'n'),
                                                          std::string(4000, 'n'),
                                                          std::string(2000, '/'),
                                                          std::string(1000, 'a') + "/../a.txt",
                                                          "a.txt%20",
                                                          "a.txt.",
                                                          "in%2f%2e%2e%2fa.txt"}) {
    WholeReply reply{{}, {}, {}};
    try {
      reply = served.get(path);
    } catch (const Error& refused) {
      EXPECT_EQ(refused.http_status(), 400) << path;  // by the server itself, before anybody sees it
      continue;
    }
    EXPECT_TRUE(reply.status == 404 || reply.status == 307 || reply.status == 422) << path << " " << reply.status;
    EXPECT_FALSE(reply.body.contains("secret")) << path;
    EXPECT_FALSE(reply.body.contains("public")) << path;
    EXPECT_FALSE(reply.body.contains(served.folder.path().string())) << path;
  }
}

TEST(StaticFiles, are_found_through_links_that_stay_below) {
  Served served;
  served.folder.write("releases/2/app.js", "two");
  std::filesystem::create_directory_symlink("releases/2", served.folder.at("current"));
  EXPECT_EQ(served.get("current/app.js").body, "two");
}

TEST(StaticFiles, of_names_with_a_dot_are_served_where_that_is_asked_for) {
  Served plain;
  plain.folder.write(".well-known/security.txt", "contact");
  EXPECT_EQ(plain.get(".well-known/security.txt").body, "contact");
  Served served({.dotfiles = true});
  served.folder.write(".env", "all");
  EXPECT_EQ(served.get(".env").body, "all");
}

TEST(StaticFiles, that_may_not_be_read_are_not_there_and_logged) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  Served served;
  ::chmod(served.folder.write("a.txt", "a").c_str(), 0);
  const int before = ::setfsuid(65534);  // root may read everything
  EXPECT_EQ(served.get("a.txt").status, 404);
  ::setfsuid(static_cast<uid_t>(before));
  log::set_sink({});
  EXPECT_TRUE(logged.contains("a.txt"));
}

TEST(StaticFiles, of_a_directory_are_its_page_where_html_is_served) {
  Served served({.html = true});
  served.folder.write("index.html", "top");
  served.folder.write("docs/index.html", "docs");
  served.folder.write("empty/x.txt", "x");
  EXPECT_EQ(served.get("").body, "top");
  EXPECT_EQ(served.get("docs/").body, "docs");
  EXPECT_EQ(served.get("docs/index.html").body, "docs");
  const WholeReply moved = served.get("docs?a=1&b=//c");
  EXPECT_EQ(moved.status, 307);
  EXPECT_EQ(moved.header("Location"), "./docs/?a=1&b=//c");
  EXPECT_EQ(served.get("%64ocs").header("Location"), "./%64ocs/");
  EXPECT_EQ(served.get("empty").status, 404);
  EXPECT_EQ(served.get("empty/").status, 404);
  EXPECT_EQ(served.ask("POST", "docs").status, 405);

  Served plain;
  plain.folder.write("index.html", "top");
  plain.folder.write("docs/index.html", "docs");
  for (const std::string path : {"", "docs", "docs/"}) EXPECT_EQ(plain.get(path).status, 404) << path;
}

TEST(StaticFiles, that_are_missing_are_a_page_of_their_own) {
  Served served({.html = true});
  served.folder.write("404.html", "<p>nothing here");
  const WholeReply reply = served.get("missing", {{"If-None-Match", "*"}, {"Range", "bytes=0-1"}});
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "<p>nothing here");
  EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(reply.header("ETag"), "(none)");
  EXPECT_EQ(served.get("../x").status, 404);
  EXPECT_EQ(served.ask("HEAD", "missing").status, 404);
}

TEST(StaticFiles, of_a_front_end_are_its_index_to_who_follows_a_link) {
  const std::string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  Served served({.cache_control = "immutable", .frontend = true});
  served.folder.write("index.html", "app");
  served.folder.write("main.js", "js");
  for (const std::string path : {"", "cards/7", "cards/7/", "a.b", "settings"}) {
    const WholeReply page = served.get(path, {{"Accept", browser}});
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.body, "app");
    EXPECT_EQ(page.header("Cache-Control"), "no-cache");
    EXPECT_EQ(page.header("Vary"), path.empty() ? "(none)" : "Accept");
  }
  EXPECT_EQ(served.get("main.js", {{"Accept", browser}}).body, "js");
  for (const std::string accept : {"*/*", "application/json", "image/webp,*/*", "text/html;q=0"}) {
    const WholeReply reply = served.get("old.3f9c.js", {{"Accept", accept}});
    EXPECT_EQ(reply.status, 404) << accept;
    EXPECT_EQ(reply.header("Vary"), "Accept");
  }
  EXPECT_EQ(served.ask("HEAD", "cards/7", {{"Accept", browser}}).status, 200);
  EXPECT_EQ(served.ask("POST", "cards/7", {{"Accept", browser}}).status, 404);
  EXPECT_EQ(served.ask("POST", "main.js").status, 405);
  const std::string etag = served.get("x", {{"Accept", browser}}).header("ETag");
  EXPECT_EQ(served.get("y", {{"Accept", browser}, {"If-None-Match", etag}}).status, 304);
}

TEST(StaticFiles, that_are_compressed_already_go_to_who_accepts_the_coding) {
  Served served;
  served.folder.write("app.js", "plain");
  served.folder.write("app.js.br", "brotli");
  served.folder.write("app.js.gz", "gzip");
  served.folder.write("alone.js", "plain");
  served.folder.write("photo.jpg", "photo");
  served.folder.write("photo.jpg.gz", "gzip");
  struct Case {
    std::string accept, body, coding;
  };
  std::vector<std::string> etags;
  for (const Case& each : std::vector<Case>{{"gzip, deflate, br, zstd", "brotli", "br"},
                                            {"gzip", "gzip", "gzip"},
                                            {"gzip;q=0.9, br;q=0.1", "gzip", "gzip"},
                                            {"zstd", "plain", "(none)"},
                                            {"br;q=0", "plain", "(none)"},
                                            {"identity, br;q=0.5", "plain", "(none)"},
                                            {"", "plain", "(none)"}}) {
    const WholeReply reply = served.get("app.js", {{"Accept-Encoding", each.accept}});
    EXPECT_EQ(reply.body, each.body) << each.accept;
    EXPECT_EQ(reply.header("Content-Encoding"), each.coding) << each.accept;
    EXPECT_EQ(reply.header("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
    const WholeReply again =
        served.get("app.js", {{"Accept-Encoding", each.accept}, {"If-None-Match", reply.header("ETag")}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(again.header("Content-Encoding"), "(none)");
    const WholeReply part = served.get("app.js", {{"Accept-Encoding", each.accept}, {"Range", "bytes=0-1"}});
    EXPECT_EQ(part.body, each.body.substr(0, 2));
    EXPECT_EQ(part.header("Content-Encoding"), each.coding);
    etags.push_back(reply.header("ETag"));
  }
  EXPECT_NE(etags[0], etags[1]) << "each is a representation of its own";
  EXPECT_NE(etags[0], etags[3]);
  EXPECT_EQ(served.get("alone.js", {{"Accept-Encoding", "br"}}).header("Vary"), "(none)");
  EXPECT_EQ(served.get("photo.jpg", {{"Accept-Encoding", "gzip"}}).body, "photo");
  EXPECT_EQ(served.get("app.js.gz").header("Content-Type"), "application/gzip");

  Served off({.precompressed = false});
  off.folder.write("app.js", "plain");
  off.folder.write("app.js.br", "brotli");
  EXPECT_EQ(off.get("app.js", {{"Accept-Encoding", "br"}}).body, "plain");
}

TEST(StaticFiles, need_a_directory) {
  const TestFolder folder;
  folder.write("file", "x");
  EXPECT_EQ(error_code_of([&] { StaticFiles(folder.at("missing")); }), "invalid_directory");
  EXPECT_EQ(error_code_of([&] { StaticFiles(folder.at("file")); }), "invalid_directory");
}

TEST(FileResponse, is_what_a_handler_returns) {
  const TestFolder folder;
  folder.write("a.csv", "a;b");
  App app;
  app.get("/report", [path = folder.at("a.csv")](const Request& request) {
    return file_response(request, path, {.download_name = "report.csv"});
  });
  const WholeReply reply = whole(app, "/report");
  EXPECT_EQ(reply.body, "a;b");
  EXPECT_EQ(reply.header("Content-Disposition"), "attachment; filename=\"report.csv\"");
  EXPECT_EQ(whole(app, "/report", {{"If-None-Match", reply.header("ETag")}}).status, 304);
}

}  // namespace
}  // namespace bailey
