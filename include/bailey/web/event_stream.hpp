#pragma once

#include <bailey/model/encode.hpp>
#include <bailey/model/schema.hpp>
#include <bailey/web/parameters.hpp>
#include <bailey/web/streamed_answer.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Server-sent events (WHATWG HTML, 9.2): what a browser's EventSource reads.
//
//   app.get("/cards/events", [](User user, LastEventId<> last, EventStream<Card> events) -> Task<> {
//     …
//     co_await events.send(card, {.event = "added", .id = std::to_string(number)});
//   });
namespace bailey {

// What an event is beside its data.
struct EventFields {
  std::string event = {};              // the type that listeners are added for; "": "message"
  std::optional<std::string> id = {};  // what a client that comes back sends as its Last-Event-ID; "": forgets the last
  std::optional<std::chrono::milliseconds> retry = {};  // after how long it is to come back
};

namespace web_detail {

// An event as it is sent. `data`: each of its lines, however they end, becomes a field. Throws Error "invalid_event"
// (500) for a type or an id of more than one line, an id with a NUL and a negative time: one could forge events with
// them.
[[nodiscard]] std::string event_text(std::string_view data, const EventFields& fields);
[[nodiscard]] std::string comment_text(std::string_view comment);
[[nodiscard]] json::object event_schema(SchemaDefinitions& definitions, SchemaMaker data);

}  // namespace web_detail

// The events of a route whose data are Ts, as JSON; the way out of its handler, see streamed_answer.hpp.
//
// The head is sent with the first event, or half a second after the handler has begun, so that a client knows that it
// is connected though nothing happens. A comment every 15 s keeps what is between from closing the connection, and
// finds out whether the client is there. When the server drains, the handler is cancelled and the stream ends, so that
// clients come back to another instance: EventSource does by itself. Any method will do.
template <class T>
class EventStream : public StreamedAnswer {
 public:
  using StreamedAnswer::StreamedAnswer;

  // See StreamedAnswer::send_piece. The value is encoded before this returns. Throws Error "invalid_event" (500) for a
  // type or an id of more than one line.
  [[nodiscard]] Task<> send(const T& data, const EventFields& fields = {}) const {
    return send_piece(web_detail::event_text(encode(data), fields));
  }
  // The same with a text as it is, instead of JSON: of any number of lines.
  [[nodiscard]] Task<> send_text(std::string_view text, const EventFields& fields = {}) const {
    return send_piece(web_detail::event_text(text, fields));
  }
  // A line that clients pass over.
  [[nodiscard]] Task<> comment(std::string_view text) const { return send_piece(web_detail::comment_text(text)); }
};

// The id of the last event that a client has got before it came back: after which it wants to go on.
template <class T = std::string>
using LastEventId = Header<"last-event-id", std::optional<T>>;

template <class T>
struct Binder<EventStream<T>> {
  static constexpr bool streams_answer = true;
  static constexpr std::string_view content_type = "text/event-stream";
  static void describe(RouteInfo& route) { route.set_success_items(&item_schema, content_type); }
  static EventStream<T> bind(Request& request) {
    return EventStream<T>(web_detail::open_stream(request, {.content_type = content_type, .is_event_stream = true}));
  }

 private:
  static json::object item_schema(SchemaDefinitions& definitions) {
    return web_detail::event_schema(definitions, &schema<T>);
  }
};

}  // namespace bailey
