#pragma once

#include <bailey/http/part_reader.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/binder.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

// Bodies that a handler reads as they arrive, so that one of any length takes the memory of one piece. A client that
// sends faster than they are read waits.
namespace bailey {

namespace web_detail {
struct IncomingBody;
struct IncomingParts;
}  // namespace web_detail

// The bytes of the body, of whatever type it is.
//
//   app.put("/backups/{name}", [](Path<"name"> name, BodyStream body) -> Task<> {
//     for (auto bytes = co_await body.read(); !bytes.empty(); bytes = co_await body.read()) …
//   }, {.body_limit_bytes = 4ULL << 30});
//
// A body that announces more than RouteOptions::body_limit_bytes is refused before the handler is called, any other
// when it turns out to be longer.
class BodyStream {
 public:
  explicit BodyStream(std::shared_ptr<web_detail::IncomingBody> body) noexcept;  // for the binder
  BodyStream(BodyStream&&) noexcept;
  BodyStream& operator=(BodyStream&&) noexcept;
  ~BodyStream();

  // The next bytes, at most 64 KiB; "" at the end. Throws Error "payload_too_large" (413), what
  // http::Request::read_some throws, and "misuse" when the request has ended.
  [[nodiscard]] Task<std::string> read() const;
  // How long the body is; nullopt when it comes in chunks.
  [[nodiscard]] std::optional<std::uint64_t> announced_bytes() const noexcept;

 private:
  std::shared_ptr<web_detail::IncomingBody> body_;
};

template <>
struct Binder<BodyStream> {
  static constexpr bool streams_body = true;
  static constexpr bool looks_into_request = true;
  static void describe(RouteInfo& route);
  static BodyStream bind(Request& request);
};

// The parts of a form (multipart/form-data), one after the other: files of any size without a temporary file.
//
//   app.post("/import", [](Multipart form) -> Task<> {
//     while (auto part = co_await form.next())
//       for (auto bytes = co_await part->read(); !bytes.empty(); bytes = co_await part->read()) …
//   }, {.form_limits = {.total_bytes = 4ULL << 30}});
//
// RouteOptions::form_limits counts while they arrive: over one it is a 413.
class Multipart {
 public:
  explicit Multipart(std::shared_ptr<web_detail::IncomingParts> parts) noexcept;  // for the binder
  Multipart(Multipart&&) noexcept;
  Multipart& operator=(Multipart&&) noexcept;
  ~Multipart();

  // The next part, passing over what has not been read of the one before; nothing at the end. Throws what
  // http::PartReader::next throws, and Error "misuse" when the request has ended, as its parts do then.
  [[nodiscard]] Task<std::optional<http::Part>> next() const;

 private:
  std::shared_ptr<web_detail::IncomingParts> parts_;
};

template <>
struct Binder<Multipart> {
  static constexpr bool streams_body = true;
  static constexpr bool looks_into_request = true;
  static void describe(RouteInfo& route);
  static Multipart bind(Request& request);
};

}  // namespace bailey
