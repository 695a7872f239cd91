#include <graphql/transport/event_answer.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include <graphql/execution/field_error.hpp>
#include <graphql/transport/http_exchange.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

struct Asked {
  std::shared_ptr<Engine> engine;
  ReadyOperation ready;
  Request& request;
  const web_detail::CallOptions& options;

  // What has never been executed has ended as well.
  void end() noexcept {
    if (ready.open) ready.open->end();
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
  ExecutionResult end = co_await asked.engine->subscribe(asked.ready, asked.request, asked.options.shared,
                                                         [&](ExecutionResult result) -> Task<> {
                                                           asked.engine->drop(result.headers, asked.request);
                                                           co_await out.write(next(response_text(std::move(result))));
                                                         });
  asked.engine->drop(end.headers, asked.request);
  if (!end.errors.empty()) co_await out.write(next(response_text(std::move(end))));
}

Task<> answer(const Asked& asked, http::BodyWriter& out) {
  if (const auto& needs = asked.ready.plan->needs; asked.options.chosen->are_shared(needs)) {
    co_await execute(asked, out);
  } else {
    // The head has gone: what goes wrong with a dependency is told as an error.
    std::optional<ResponseError> error;
    try {
      co_await asked.options.chosen->run(asked.request, needs, [&]() -> Task<> { co_await execute(asked, out); });
    } catch (...) {
      error = error_of_answer(std::current_exception(), asked.request);
    }
    if (error) co_await out.write(next(response_text(failure_of(Stage::execution, *std::move(error)))));
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

// Of both kinds: events are of no use to anybody later.
void head(Response& response) {
  response.headers.set("Cache-Control", "no-cache, no-transform");
  response.headers.set("X-Accel-Buffering", "no");
}

}  // namespace

Response event_answer(std::string_view result) {
  Response response(200);
  response.content_type(to_string(MediaType::events));
  response.body = next(result);
  response.body.append(complete);
  head(response);
  return response;
}

Response event_stream(std::shared_ptr<Engine> engine, ReadyOperation subscription, Request& request,
                      const web_detail::CallOptions& options) {
  auto asked = std::make_shared<Asked>(std::move(engine), std::move(subscription), request, options);
  request.state().set(EndAtExit(asked));  // the response may last longer than its request, where nobody reads it (HEAD)
  Response response = Response::stream(200, to_string(MediaType::events), [asked](http::BodyWriter& out) -> Task<> {
    return [](std::shared_ptr<Asked> kept, http::BodyWriter& to) -> Task<> {
      const EndAtExit ending(kept);
      co_await to.write(comment);  // so that the client knows that it is connected, though nothing may happen
      static_cast<void>(co_await when_any(answer(*kept, to), comment_now_and_then(to), to.draining().wait(),
                                          wait_for_expiry(kept->request)));
    }(asked, out);
  });
  head(response);
  return response;
}

}  // namespace bailey::graphql
