#pragma once

#include <bailey/web/request.hpp>

#include <memory>
#include <string>

namespace bailey {

struct StaticFilesOptions {
  // Cache-Control of pages (text/html) and of all other files; "": none is said. "no-cache" lets clients keep a file,
  // and makes them ask each time whether it is still that, which costs them a 304. Where a file's name changes with
  // what is in it, as build tools have it, "public, max-age=31536000, immutable" saves that.
  std::string page_cache_control = "no-cache";
  std::string cache_control = "no-cache";
  bool html = false;          // a directory is its index.html; the body of a 404 is 404.html, where there is one
  bool frontend = false;      // html, and where a browser goes to what is not there it gets index.html, with 200: a
                              // single-page application, which knows the address
  bool precompressed = true;  // "app.js.br", ".zst" or ".gz" beside "app.js" is sent to who accepts the coding
  bool dotfiles = false;      // names that begin with a dot, other than .well-known, are served
};

// A directory of files, served. Copies share it. On all loops at once.
//
//   app.get("/assets/{path:path}", [files = StaticFiles("public")](const Request& request, Path<"path"> path) {
//     return files.respond(request, *path);
//   });
//
// Nothing outside of the directory is ever opened, whatever a path or a symbolic link says; a link that stays below it
// is followed, if it is relative. It is the directory that was there at the start: one that is put in its place later
// is not seen, files put into it are.
class StaticFiles {
 public:
  // Throws Error "invalid_directory" when there is no such directory, or it must not be read.
  explicit StaticFiles(const std::string& directory, StaticFilesOptions options = {});

  // `path` is what follows the directory's own address in the request's, decoded once. What is answered, and to which
  // conditions and ranges, is as http::file_response says. Throws HttpError 404 for what is not there or not to be
  // seen, 405 for methods other than GET and HEAD, and what file_response throws.
  [[nodiscard]] Task<Response> respond(const Request& request, std::string path) const;

 private:
  struct Site;
  std::shared_ptr<const Site> site_;
};

}  // namespace bailey
