#pragma once

#include <bailey/http/response.hpp>
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/streamed_answer.hpp>
#include "web/openings.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace bailey {
namespace detail {
struct Spawned;
}

namespace web_detail {

// A handler that streams its answer, and that answer. On the loop of the request, but for `send` and `open`.
class HandlerStream final : public HeldInRequest, public std::enable_shared_from_this<HandlerStream> {
 public:
  explicit HandlerStream(const StreamKind& kind) : kind_(kind) {}

  // What the handler does, by its StreamedAnswer.
  void set_status(int code);
  void add_header(std::string_view name, std::string_view value);
  [[nodiscard]] const Event& draining() const noexcept { return draining_; }
  void open() { settled_.set(); }
  [[nodiscard]] static Task<> send(std::shared_ptr<HandlerStream> self, std::string piece);

  // Runs the handler. `answer` goes on when there is something to be sent, or throws what the handler has thrown
  // instead.
  void start(int status, std::optional<std::chrono::milliseconds> lasts, Task<> handler);
  [[nodiscard]] static Task<Response> answer(std::shared_ptr<HandlerStream> self);

  // Of the request: tells the handler to end; goes on when it has.
  void end() noexcept override;
  [[nodiscard]] Task<> close() override;

 private:
  [[nodiscard]] static Task<> run(std::shared_ptr<HandlerStream> self, Task<> handler);
  [[nodiscard]] static Task<> deliver(std::shared_ptr<HandlerStream> self, http::BodyWriter& out);
  [[nodiscard]] Task<std::string> next_piece(const Event& server_draining);
  void require_unopened() const;

  const StreamKind kind_;
  int status_ = 0;
  http::Headers headers_;
  bool is_open_ = false;  // the head is the server's
  bool is_over_ = false;  // nobody wants more
  std::exception_ptr failure_;
  Channel<std::string> pieces_{0};
  Event settled_;  // there is something to be sent, or there will be nothing
  Event ended_;    // the handler has
  Event draining_;
  std::optional<std::chrono::steady_clock::time_point> ends_at_;  // of a stream of events
  detail::Spawned* task_ = nullptr;
};

}  // namespace web_detail
}  // namespace bailey
