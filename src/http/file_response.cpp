#include <bailey/http/file_response.hpp>

#include <bailey/base/base64url.hpp>
#include <bailey/base/random.hpp>
#include <bailey/http/buffer.hpp>

#include "http/content_disposition.hpp"
#include "http/date.hpp"
#include "http/file_answer.hpp"
#include "http/file_body.hpp"
#include "http/media_type.hpp"
#include "http/preconditions.hpp"
#include "http/response_writer.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace bailey::http {

namespace {

using std::chrono::sys_seconds;

constexpr std::size_t whole_bytes = std::size_t{64} * 1024;  // a body of at most so much is made before the head

// Hashed, as it is nobody's business which inode a file has.
std::string etag_of(const File& file) {
  const std::array<std::uint64_t, 3> mark{static_cast<std::uint64_t>(file.modified_at().time_since_epoch().count()),
                                          file.size(), file.inode()};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(mark.data()), sizeof mark, digest.data());
  const std::span<const unsigned char> beginning(digest.data(), 16);
  return '"' + base64url_encode(std::as_bytes(beginning)) + '"';
}

// Never later than the answer itself, whatever the file says (RFC 9110 section 8.8.2.1).
Validators validators_of(const File& file) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {etag_of(file), std::min(now, std::chrono::floor<std::chrono::seconds>(file.modified_at()))};
}

bool is_for_reading(const Request& request) noexcept {
  return request.method() == Method::get || request.method() == Method::head;
}

// The ranges that are to be sent; nullopt for all of the file.
std::optional<std::vector<ByteRange>> ranges_of(const Request& request, const Validators& validators,
                                                std::uint64_t size) {
  if (request.method() != Method::get || request.header_count("range") != 1) return std::nullopt;
  if (!if_range_holds(request, validators)) return std::nullopt;
  return parse_byte_ranges(*request.header("range"), size);
}

Response answer_with(const Request& request, int status, std::string_view content_type, FileBody body) {
  if (request.method() != Method::head) {
    std::string bytes = take_buffer();
    if (body.read_now(whole_bytes, bytes)) {
      Response response(status);
      response.content_type(content_type);
      response.body = std::move(bytes);
      return response;
    }
    recycle(std::move(bytes));
  }
  const std::uint64_t length = body.length();
  return Response::stream(status, content_type, length,
                          [body = std::move(body)](BodyWriter& out) mutable { return body.send(out); });
}

void add_cache_control(Headers& headers, const FileOptions& options) {
  if (!options.cache_control.empty()) headers.add("Cache-Control", options.cache_control);
}

// What says which file it is, and how to keep it.
void describe(Headers& headers, const Validators& validators, const FileOptions& options) {
  headers.add("ETag", validators.etag);
  std::string date;
  append_date(date, validators.last_modified);
  headers.add("Last-Modified", date);
  headers.add("Accept-Ranges", "bytes");
  add_cache_control(headers, options);
  if (!options.download_name.empty())
    headers.add("Content-Disposition",
                content_disposition(options.is_shown ? "inline" : "attachment", options.download_name));
}

}  // namespace

bool is_no_file(int reason) noexcept {
  static constexpr std::array none{ENOENT, ENOTDIR, EISDIR, EINVAL, ENAMETOOLONG, ELOOP, ENXIO, EXDEV};
  return std::ranges::find(none, reason) != none.end();
}

Response answer_with_file(const Request& request, File file, const FileOptions& options) {
  const Validators validators = validators_of(file);
  const Precondition condition =
      is_for_reading(request) ? evaluate_preconditions(request, validators) : Precondition::holds;
  if (condition == Precondition::fails) return error_response(412, not_as_asked_for);
  if (condition == Precondition::not_modified) {
    Response response(304);
    response.headers.add("ETag", validators.etag);
    add_cache_control(response.headers, options);
    return response;
  }

  const std::uint64_t size = file.size();
  const auto ranges = ranges_of(request, validators, size);
  if (ranges && ranges->empty()) {
    Response response = error_response(416, no_such_range);
    response.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  Response response;
  if (!ranges) {
    response = answer_with(request, 200, options.content_type, FileBody(std::move(file), {0, size}));
  } else if (ranges->size() == 1) {
    response = answer_with(request, 206, options.content_type, FileBody(std::move(file), ranges->front()));
    response.headers.add("Content-Range", content_range(ranges->front(), size));
  } else {
    const std::string boundary = random_token(18);
    response = answer_with(request, 206, "multipart/byteranges; boundary=" + boundary,
                           FileBody(std::move(file), *ranges, options.content_type, boundary));
  }
  describe(response.headers, validators, options);
  return response;
}

Response answer_with_page(const Request& request, int status, File file, const FileOptions& options) {
  const ByteRange all{0, file.size()};
  Response response = answer_with(request, status, options.content_type, FileBody(std::move(file), all));
  add_cache_control(response.headers, options);
  return response;
}

Task<Response> file_response(const Request& request, std::string path, FileOptions options) {
  if (options.content_type.empty()) options.content_type = media_type_of(path);
  std::expected<File, int> file =
      co_await wait_for_disk([path = std::move(path)](Waiting waiting) { return File::open(path, waiting); });
  if (!file && is_no_file(file.error())) throw Error("not_found", "Not Found", 404);
  if (!file) throw unreadable_file(file.error());
  co_return answer_with_file(request, std::move(*file), options);
}

}  // namespace bailey::http
