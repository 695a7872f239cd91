#pragma once

#include <bailey/model/encode.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/web/streamed_answer.hpp>

#include <string>
#include <utility>

namespace bailey {

// An answer of many values, each a line of JSON (application/jsonl), sent as the handler finds them: a list of any
// length in the memory of one element.
//
//   app.get("/cards", [](User user, JsonLines<Card> lines) -> Task<> {
//     …
//     co_await lines.send(card);
//   });
template <class T>
class JsonLines : public StreamedAnswer {
 public:
  using StreamedAnswer::StreamedAnswer;

  // See StreamedAnswer::send_piece. The value is encoded before this returns.
  [[nodiscard]] Task<> send(const T& value) const {
    std::string line;
    encode(value, line);
    line += '\n';
    return send_piece(std::move(line));
  }
};

template <class T>
struct Binder<JsonLines<T>> {
  static constexpr bool streams_answer = true;
  static constexpr std::string_view content_type = "application/jsonl";
  static void describe(RouteInfo& route) { route.set_success_items(&schema<T>, content_type); }
  static JsonLines<T> bind(Request& request) {
    return JsonLines<T>(web_detail::open_stream(request, {.content_type = content_type}));
  }
};

}  // namespace bailey
