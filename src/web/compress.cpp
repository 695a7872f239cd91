#include <bailey/web/compress.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/http/buffer.hpp>
#include <bailey/http/status.hpp>
#include <bailey/runtime/loop_local.hpp>

#include "http/media_type.hpp"
#include "http/negotiation.hpp"
#include "web/compressed_body.hpp"
#include "web/vary.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <exception>
#include <optional>
#include <utility>

namespace bailey {

using http::AcceptedCodings;
using web_detail::any_lists;
using web_detail::Compressor;
using web_detail::vary_by;

namespace {

void weaken_etag(http::Headers& headers) {
  const auto etag = headers.get("etag");
  if (etag && etag->starts_with('"')) headers.set("ETag", "W/" + std::string(*etag));
}

// The length of the body that GET has, nullopt where it is not known yet.
std::optional<std::uint64_t> length_of(const Response& response, bool is_head) {
  if (response.is_stream()) return response.stream_length();
  if (!is_head || !response.body.empty()) return response.body.size();
  std::uint64_t declared = 0;  // by a handler that has left the body out
  const std::string_view text = response.headers.get("content-length").value_or("");
  std::from_chars(text.data(), text.data() + text.size(), declared);
  return declared;
}

class Policy : public std::enable_shared_from_this<Policy> {
 public:
  explicit Policy(CompressOptions options) : options_(std::move(options)) {
    const auto expect = [](bool holds, std::string_view sentence) {
      if (!holds) throw Error("invalid_compression", std::string(sentence));
    };
    expect(!options_.codings.empty(), "compress has no codings to offer");
    expect(options_.gzip_level >= 1 && options_.gzip_level <= 9, "gzip_level is 1 to 9");
    expect(options_.brotli_quality >= 0 && options_.brotli_quality <= 9, "brotli_quality is 0 to 9");
    expect(options_.zstd_level >= 1 && options_.zstd_level <= 12, "zstd_level is 1 to 12");
  }

  void apply(const Request& request, Response& response) const {
    if (response.status == 304) return complete_not_modified(request, response);
    const bool is_head = request.method() == http::Method::head;
    if (!may_compress(response, is_head)) return;
    vary_by(response.headers, "Accept-Encoding");
    const auto coding = AcceptedCodings(request.http()).best_of(options_.codings);
    if (!coding) return;
    const bool is_sent_by_slices = response.is_stream() || response.body.size() > web_detail::slice_bytes;
    if (is_head) {
      if (is_sent_by_slices) replace_by_stream(response, [](http::BodyWriter&) -> Task<> { co_return; });
      response.body.clear();
    } else if (is_sent_by_slices) {
      std::shared_ptr<const Policy> place = take_place();
      if (!place) return;
      compress_while_sent(response, *coding, std::move(place));
    } else if (!compress_now(response, *coding)) {
      return;
    }
    http::Headers& headers = response.headers;
    headers.add("Content-Encoding", http::to_string(*coding));
    headers.remove("Content-Length");
    headers.remove("Accept-Ranges");
    weaken_etag(headers);
  }

 private:
  struct Idle {
    std::array<std::unique_ptr<Compressor>, 3> compressors;
  };

  // This policy, and a place among the bodies that are compressed while they are sent; null when all are taken.
  [[nodiscard]] std::shared_ptr<const Policy> take_place() const {
    std::shared_ptr<const Policy> place(this, [owner = shared_from_this()](const Policy*) { --owner->streams_; });
    if (++streams_ > options_.stream_limit) place.reset();
    return place;
  }

  // It varies by what the whole varies by (RFC 9110 15.4.5). Of what type that is is not said here, and a Vary too many
  // costs a cache less than one that is missing. A client that has been given it compressed knows the weak tag.
  static void complete_not_modified(const Request& request, Response& response) {
    vary_by(response.headers, "Accept-Encoding");
    const auto etag = response.headers.get("etag");
    if (!etag || !etag->starts_with('"')) return;
    const std::string weak = "W/" + std::string(*etag);
    bool has_weak = false;
    request.http().for_each_header([&](std::string_view name, std::string_view value) {
      has_weak = has_weak || (ascii::equal_ignoring_case(name, "if-none-match") && value.contains(weak));
    });
    if (has_weak) response.headers.set("ETag", weak);
  }

  [[nodiscard]] bool may_compress(const Response& response, bool is_head) const {
    const http::Headers& headers = response.headers;
    if (!http::may_have_body(response.status) || response.status == 206 || response.is_upgrade()) return false;
    const auto length = length_of(response, is_head);
    if (length && *length < std::max<std::uint64_t>(1, options_.minimum_size_bytes)) return false;
    return is_among_types(response.content_type()) && !headers.contains("content-encoding") &&
           !headers.contains("content-range") && !any_lists(headers, "cache-control", "no-transform");
  }

  [[nodiscard]] bool is_among_types(std::string_view content_type) const {
    const std::string_view type = http::essence_of(content_type);
    if (type.empty() || ascii::equal_ignoring_case(type, "text/event-stream")) return false;
    if (options_.types.empty()) return http::is_compressible(type);
    return std::ranges::any_of(options_.types, [&](std::string_view allowed) {
      if (!allowed.ends_with("/*")) return ascii::equal_ignoring_case(allowed, type);
      const std::string_view kind = allowed.substr(0, allowed.size() - 1);
      return ascii::equal_ignoring_case(type.substr(0, kind.size()), kind);
    });
  }

  // A compressor takes longer to make than a small body to compress, so each loop keeps one of a kind.
  [[nodiscard]] std::unique_ptr<Compressor> take(ContentCoding coding) const {
    if (Loop::current_or_null() != nullptr) {
      auto& kept = idle_.get().compressors[static_cast<std::size_t>(coding)];
      if (kept) return std::move(kept);
    }
    const int level = coding == ContentCoding::brotli ? options_.brotli_quality
                      : coding == ContentCoding::zstd ? options_.zstd_level
                                                      : options_.gzip_level;
    return web_detail::make_compressor(coding, level);
  }
  void give_back(ContentCoding coding, std::unique_ptr<Compressor> compressor) const {
    if (Loop::current_or_null() != nullptr)
      idle_.get().compressors[static_cast<std::size_t>(coding)] = std::move(compressor);
  }

  // Whether it has become smaller; if not it is as it was.
  [[nodiscard]] bool compress_now(Response& response, ContentCoding coding) const {
    std::unique_ptr<Compressor> compressor = take(coding);
    std::string made = http::take_buffer();
    compressor->begin(response.body.size());
    compressor->compress(response.body, Compressor::Then::finish, made);
    give_back(coding, std::move(compressor));
    const bool is_smaller = made.size() < response.body.size();
    if (is_smaller) std::swap(made, response.body);
    http::recycle(std::move(made));
    return is_smaller;
  }

  static void replace_by_stream(Response& response, Response::Stream stream) {
    Response streamed = Response::stream(response.status, response.content_type(), std::move(stream));
    streamed.headers = std::move(response.headers);
    if (response.closes_connection()) streamed.close_connection();
    response = std::move(streamed);
  }

  static void compress_while_sent(Response& response, ContentCoding coding, std::shared_ptr<const Policy> place) {
    Response::Stream body;
    if (response.is_stream())
      body = std::move(response.stream());
    else
      body = [text = std::move(response.body)](http::BodyWriter& out) { return out.write(text); };
    replace_by_stream(response, [place = std::move(place), coding, body = std::move(body)](
                                    http::BodyWriter& out) mutable { return send(place, coding, body, out); });
  }
  static Task<> send(std::shared_ptr<const Policy> policy, ContentCoding coding, Response::Stream& body,
                     http::BodyWriter& out) {
    std::unique_ptr<Compressor> compressor = policy->take(coding);
    compressor->begin(std::nullopt);
    web_detail::CompressedBody compressed(out, *compressor);
    std::exception_ptr failure;
    try {
      Task<> written = body(compressed);
      co_await std::move(written);
    } catch (...) {
      failure = std::current_exception();
    }
    // Those who write still use the compressor; how long the peer may take is the connection's to say.
    if (failure) co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_await compressed.end_writes();
    if (failure) std::rethrow_exception(failure);
    co_await compressed.finish();
    policy->give_back(coding, std::move(compressor));
  }

  CompressOptions options_;
  mutable LoopLocal<Idle> idle_;
  mutable std::atomic<std::size_t> streams_ = 0;
};

}  // namespace

Middleware compress(CompressOptions options) {
  const auto policy = std::make_shared<const Policy>(std::move(options));
  return {.name = "compress",
          .after = [policy](Request& request, Response& response) { policy->apply(request, response); }};
}

}  // namespace bailey
