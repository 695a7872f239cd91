#include <graphql/transport/event_answer.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include <graphql/execution/field_error.hpp>
#include <graphql/transport/http_exchange.hpp>

#include <bailey/base/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {
namespace {

using namespace std::chrono_literals;

constexpr auto comments_after = 15s;
constexpr std::string_view comment = ":\n\n";
constexpr std::string_view complete = "event: complete\ndata: \n\n";

// A result is JSON without a line's end in it.
std::string next(std::string_view result) {
  std::string event = "event: next\ndata: ";
  event.append(result).append("\n\n");
  return event;
}

std::string text_of(std::vector<ResponseError> errors) {
  return response_text(OperationFailure{.stage = Stage::execution, .errors = std::move(errors)});
}

struct Asked {
  std::shared_ptr<Engine> engine;
  std::expected<ReadyOperation, OperationFailure> prepared;
  Request& request;
  const web_detail::CallOptions& options;

  [[nodiscard]] bool is_subscription() const noexcept {
    return prepared && prepared->operation->kind == OperationKind::subscription;
  }
  // What has never been executed has ended as well.
  void end() noexcept {
    if (prepared && prepared->open) prepared->open->end();
  }
};

// When this goes, what is asked has ended.
class EndAtExit {
 public:
  explicit EndAtExit(const std::shared_ptr<Asked>& asked) noexcept : asked_(asked) {}
  ~EndAtExit() {
    if (const auto asked = asked_.lock()) asked->end();
  }
  EndAtExit(EndAtExit&&) noexcept = default;
  EndAtExit& operator=(EndAtExit&&) = delete;

 private:
  std::weak_ptr<Asked> asked_;
};

Task<> execute(const Asked& asked, http::BodyWriter& out) {
  if (!asked.is_subscription()) {
    co_await out.write(
        next(response_text(co_await asked.engine->execute(*asked.prepared, asked.request, asked.options.shared))));
    co_return;
  }
  std::vector<ResponseError> errors = co_await asked.engine->subscribe(
      *asked.prepared, asked.request, asked.options.shared,
      [&out](ExecutionResult result) -> Task<> { co_await out.write(next(response_text(std::move(result)))); });
  if (!errors.empty()) co_await out.write(next(text_of(std::move(errors))));
}

Task<> answer(const Asked& asked, http::BodyWriter& out) {
  if (!asked.prepared) {
    co_await out.write(next(response_text(asked.prepared.error())));
  } else if (const auto& needs = asked.prepared->plan->needs; asked.options.chosen->are_shared(needs)) {
    co_await execute(asked, out);
  } else {
    // The head has gone: what goes wrong with a dependency is told as an error.
    std::vector<ResponseError> errors;
    try {
      co_await asked.options.chosen->run(asked.request, needs, [&]() -> Task<> { co_await execute(asked, out); });
    } catch (const boost::system::system_error& error) {
      if (error.code() == boost::asio::error::operation_aborted) throw;  // it was cancelled
      errors.push_back(error_of(std::current_exception(), asked.request));
    } catch (const Error& error) {
      if (error.code() == "peer_gone") throw;
      errors.push_back(error_of(std::current_exception(), asked.request));
    } catch (...) {
      errors.push_back(error_of(std::current_exception(), asked.request));
    }
    if (!errors.empty()) co_await out.write(next(text_of(std::move(errors))));
  }
  co_await out.write(complete);
}

Task<> comment_now_and_then(http::BodyWriter& out) {
  for (;;) {
    co_await sleep_for(comments_after);
    co_await out.write(comment);
  }
}

Task<> wait_for_expiry(const Request& request) {
  // A request without one lasts as long as its answer does.
  for (;;) {
    const auto left = request.expires_in();
    co_await sleep_for(left.value_or(1h));
    if (left) co_return;
  }
}

}  // namespace

Response event_answer(std::shared_ptr<Engine> engine, std::expected<ReadyOperation, OperationFailure> prepared,
                      Request& request, const web_detail::CallOptions& options) {
  auto asked = std::make_shared<Asked>(std::move(engine), std::move(prepared), request, options);
  request.state().set(EndAtExit(asked));  // the response may last longer than its request, where nobody reads it (HEAD)
  Response response = Response::stream(200, to_string(MediaType::events), [asked](http::BodyWriter& out) -> Task<> {
    return [](std::shared_ptr<Asked> kept, http::BodyWriter& to) -> Task<> {
      const EndAtExit ending(kept);
      co_await to.write(comment);  // so that the client knows that it is connected, though nothing may happen
      if (kept->is_subscription()) {
        static_cast<void>(co_await when_any(answer(*kept, to), comment_now_and_then(to), to.draining().wait(),
                                            wait_for_expiry(kept->request)));
      } else {  // what has an end by itself comes to it: a client that came back would have it done twice
        static_cast<void>(co_await when_any(answer(*kept, to), comment_now_and_then(to)));
      }
    }(asked, out);
  });
  response.headers.set("Cache-Control", "no-cache, no-transform");
  response.headers.set("X-Accel-Buffering", "no");
  return response;
}

}  // namespace bailey::graphql
