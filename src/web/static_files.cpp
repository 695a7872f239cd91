#include <bailey/web/static_files.hpp>

#include <bailey/base/log.hpp>
#include <bailey/web/error.hpp>

#include "http/file_answer.hpp"
#include "http/media_type.hpp"
#include "http/negotiation.hpp"
#include "web/file_refusal.hpp"
#include "web/static_path.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <expected>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace bailey {

using http::AcceptedCodings;
using http::ContentCoding;
using http::File;
using http::Waiting;

namespace {

struct Variant {
  ContentCoding coding;
  std::string_view ending;
};
// The smallest first, of those a client would as soon have.
constexpr std::array<Variant, 3> variants{
    {{ContentCoding::brotli, ".br"}, {ContentCoding::zstd, ".zst"}, {ContentCoding::gzip, ".gz"}}};

struct Found {
  File file;
  std::string name;
  std::optional<ContentCoding> coding = {};  // of which it is a variant
  bool has_variants = false;
};
using Search = std::expected<Found, int>;  // a value of errno

bool is_for_reading(const Request& request) {
  return request.method() == http::Method::get || request.method() == http::Method::head;
}

// Adds the slash at the end of the last name, whatever stands before it: a proxy may have taken something off.
Response redirect_to_directory(const Request& request) {
  const std::string_view path = request.http().raw_path();
  std::string location("./");
  location.append(path.substr(path.rfind('/') + 1)).append("/");
  if (!request.query().empty()) location.append("?").append(request.query());
  Response response(307);
  response.headers.add("Location", location);
  return response;
}

}  // namespace

struct StaticFiles::Site : std::enable_shared_from_this<Site> {
  Site(const std::string& path, StaticFilesOptions of)
      : options(std::move(of)), directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const int reason = directory < 0 ? errno : 0;
    if (reason != 0)
      throw Error("invalid_directory",
                  "The files of " + path + " cannot be served: " + std::generic_category().message(reason));
    options.html = options.html || options.frontend;
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site() { ::close(directory); }

  // The file of this name, or the best of its variants.
  [[nodiscard]] Search look_for(const std::string& name, const AcceptedCodings& accepted, Waiting waiting) const {
    std::expected<File, int> file = File::open_below(directory, name, waiting);
    if (!file) return std::unexpected(file.error());
    Found found{std::move(*file), name};
    if (!options.precompressed || !http::is_compressible(http::media_type_of(name))) return found;
    std::array<ContentCoding, variants.size()> offered{};
    std::array<std::optional<File>, variants.size()> files;
    std::size_t count = 0;
    for (const Variant& variant : variants) {
      std::expected<File, int> beside = File::open_below(directory, name + std::string(variant.ending), waiting);
      if (!beside && beside.error() == EAGAIN) return std::unexpected(EAGAIN);
      if (!beside) continue;
      offered[count] = variant.coding;
      files[count++].emplace(std::move(*beside));
    }
    found.has_variants = count > 0;
    found.coding = accepted.best_of(std::span(offered).first(count));
    for (std::size_t i = 0; i < count; ++i)
      if (found.coding == offered[i]) found.file = std::move(*files[i]);
    return found;
  }
  [[nodiscard]] Task<Search> find(std::string name, AcceptedCodings accepted) const {
    return http::wait_for_disk([site = shared_from_this(), name = std::move(name), accepted](Waiting waiting) {
      return site->look_for(name, accepted, waiting);
    });
  }

  [[nodiscard]] Response answer(const Request& request, Found found, int status = 200) const {
    http::FileOptions file_options;
    file_options.content_type = http::media_type_of(found.name);
    const bool is_page = http::essence_of(file_options.content_type) == "text/html";
    file_options.cache_control = is_page ? options.page_cache_control : options.cache_control;
    Response response = status == 200
                            ? http::answer_with_file(request.http(), std::move(found.file), file_options)
                            : http::answer_with_page(request.http(), status, std::move(found.file), file_options);
    if (found.has_variants) response.headers.add("Vary", "Accept-Encoding");
    const bool is_of_it = response.status == status || response.status == 206;
    if (found.coding && is_of_it) response.headers.add("Content-Encoding", http::to_string(*found.coding));
    return web_detail::unless_refused(std::move(response));
  }

  [[nodiscard]] static Task<Response> respond(std::shared_ptr<const Site> site, const Request& request,
                                              std::string path) {
    const StaticFilesOptions& options = site->options;
    const AcceptedCodings accepted(request.http());
    const bool is_directory = path.empty() || path.ends_with('/');
    const bool may_be = web_detail::is_static_path(
        path, options.dotfiles ? web_detail::Dotfiles::served : web_detail::Dotfiles::hidden);
    if (may_be && (!is_directory || options.html)) {
      std::string name = is_directory ? path + "index.html" : path;
      Search found = co_await site->find(name, accepted);
      const bool is_redirected = !found && found.error() == EISDIR && options.html;
      if (is_redirected) found = co_await site->find(path + "/index.html", accepted);
      if (!found) expect_no_file(found.error(), name);
      if (found && !is_for_reading(request)) throw HttpError(405, "Method Not Allowed", {{"Allow", "GET, HEAD"}});
      if (found && is_redirected) co_return redirect_to_directory(request);
      if (found) co_return site->answer(request, std::move(*found));
    }
    co_return co_await site->answer_missing(request, accepted);
  }

  [[nodiscard]] Task<Response> answer_missing(const Request& request, AcceptedCodings accepted) const {
    if (!is_for_reading(request)) {
      // To a front end every address is one of its own, until something else is asked for there.
      if (options.frontend) throw HttpError(404);
      throw HttpError(405, "Method Not Allowed", {{"Allow", "GET, HEAD"}});
    }
    HttpError::HeaderList headers;
    if (options.frontend) headers.emplace_back("Vary", "Accept");
    if (options.frontend && http::accepts_html(request.http())) {
      Search index = co_await find("index.html", accepted);
      if (index) co_return with(headers, answer(request, std::move(*index)));
    }
    if (options.html) {
      Search page = co_await find("404.html", accepted);
      if (page) co_return with(headers, answer(request, std::move(*page), 404));
    }
    throw HttpError(404, "Not Found", std::move(headers));
  }

  [[nodiscard]] static Response with(const HttpError::HeaderList& headers, Response response) {
    for (const auto& [name, value] : headers) response.headers.add(name, value);
    return response;
  }

  // Throws when it is not that there is no such file, but that something is wrong here.
  static void expect_no_file(int reason, const std::string& name) {
    if (http::is_no_file(reason)) return;
    if (reason != EACCES && reason != EPERM) throw http::unreadable_file(reason);
    log::warning("a static file may not be read", {{"file", name}});
  }

  StaticFilesOptions options;
  int directory;
};

StaticFiles::StaticFiles(const std::string& directory, StaticFilesOptions options)
    : site_(std::make_shared<const Site>(directory, std::move(options))) {}

Task<Response> StaticFiles::respond(const Request& request, std::string path) const {
  return Site::respond(site_, request, std::move(path));
}

}  // namespace bailey
