#pragma once

#include <bailey/http/response.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/name.hpp>
#include <bailey/web/request.hpp>
#include <bailey/web/route_info.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

// Answers that are sent while their handler still makes them. The handler takes the way out as a parameter, and what it
// sends there is its answer:
//
//   app.get("/report", [](User user, Output<"text/csv"> out) -> Task<> {
//     co_await out.write("id,name\n");
//     …
//   });
//
// So all that it uses is its own: parameters live as long as its coroutine, nothing is captured. Until it sends
// something, or calls `open`, what it throws is answered as any handler's; later the answer breaks off, so that the
// client does not take it for whole. When the client goes, the handler is cancelled: what it awaits throws. It may
// outlive the request by the time that takes, so it takes nothing that looks into the request: no `const Request&`,
// Body or Background, and dependencies by value or with Lifetime::request. That is checked.
namespace bailey {

namespace web_detail {

class HandlerStream;

// What kind of answer is streamed.
struct StreamKind {
  std::string_view content_type;
  // Kept open by comments where nothing is sent, opened by itself after a while, ended when the server drains.
  bool is_event_stream = false;
};

[[nodiscard]] std::shared_ptr<HandlerStream> open_stream(Request& request, const StreamKind& kind);
// Runs the handler's coroutine beside the request and makes the answer that sends what it sends; or throws what it has
// thrown before.
[[nodiscard]] Task<Response> stream_answer(Request& request, int status, Task<> handler);

template <std::size_t N>
consteval bool is_plain_media_type(const ParameterName<N>& type) {
  return type.view().contains('/') && std::ranges::all_of(type.view(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace web_detail

// What EventStream, JsonLines and Output have in common. A handle: copies lead to the same answer. Tasks of any loop
// may send; each piece is sent as a whole.
class StreamedAnswer {
 public:
  // For binders.
  explicit StreamedAnswer(std::shared_ptr<web_detail::HandlerStream> stream) noexcept;
  StreamedAnswer(const StreamedAnswer&);
  StreamedAnswer(StreamedAnswer&&) noexcept;
  StreamedAnswer& operator=(const StreamedAnswer&);
  StreamedAnswer& operator=(StreamedAnswer&&) noexcept;
  ~StreamedAnswer();

  // For the handler itself: the status instead of the route's; a further field of the head. Throw Error "misuse" when
  // the head has been sent, "invalid_header" for a name or a value that is none.
  void status(int code) const;
  void header(std::string_view name, std::string_view value) const;
  // Sends the head, if it has not been sent.
  [[nodiscard]] Task<> open() const;

  // Set when the server drains: an answer without an end of its own should end then. It is cut after
  // ServerOptions::shutdown_timeout.
  [[nodiscard]] const Event& draining() const noexcept;

 protected:
  // Goes on when the piece is on its way; waits while the client does not keep up. Throws Error "peer_gone" when there
  // is nobody to send it to any more.
  [[nodiscard]] Task<> send_piece(std::string piece) const;

 private:
  std::shared_ptr<web_detail::HandlerStream> stream_;
};

// Any bytes, in pieces: a download that is made while it is sent.
template <ParameterName Type = "application/octet-stream">
class Output : public StreamedAnswer {
  static_assert(web_detail::is_plain_media_type(Type), "An Output's type is one of HTTP's: Output<\"text/csv\">.");

 public:
  static constexpr std::string_view content_type = Type.view();
  using StreamedAnswer::StreamedAnswer;

  // See StreamedAnswer::send_piece; nothing is sent of an empty one.
  [[nodiscard]] Task<> write(std::string bytes) const { return send_piece(std::move(bytes)); }
};

template <ParameterName Type>
struct Binder<Output<Type>> {
  static constexpr bool streams_answer = true;
  static void describe(RouteInfo& route) {
    const std::string_view type = Type.view().substr(0, Type.view().find(';'));
    const SchemaMaker text = &schema<std::string>;
    route.set_success(200, type.starts_with("text/") ? text : nullptr, type);
  }
  static Output<Type> bind(Request& request) {
    return Output<Type>(web_detail::open_stream(request, {.content_type = Type.view()}));
  }
};

}  // namespace bailey
