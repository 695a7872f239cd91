// A notice board whose readers see what is new at once (server-sent events), and bodies of any length both ways.
//
//   streaming          http://127.0.0.1:8000
//   curl -N localhost:8000/notices/events &
//   curl localhost:8000/notices --json '{"text":"hello"}'
//   curl -T large.iso localhost:8000/archive/large
#include <bailey/bailey.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace bailey;

struct NewNotice {
  std::string text;

  static constexpr auto rules() { return fields(field<&NewNotice::text>(min_length(1), max_length(200))); }
};
struct Notice {
  std::int64_t number = 0;
  std::string text;
};

// [search]
struct Search {
  int limit = 20;
  std::optional<std::string> containing;
  std::vector<std::int64_t> numbers;  // ?numbers=1&numbers=2

  static constexpr auto rules() {
    return fields(field<&Search::limit>(defaulted, ge(1), le(100)), field<&Search::containing>(min_length(2)),
                  field<&Search::numbers>(defaulted, max_items(10)), forbid_extra());
  }
};
// [/search]

// Of all threads.
class Board {
 public:
  Notice add(std::string text) {
    const std::lock_guard lock(mutex_);
    notices_.push_back({static_cast<std::int64_t>(notices_.size()) + 1, std::move(text)});
    std::exchange(more_, Event()).set();
    return notices_.back();
  }
  // What came after that number, and what is set when there is more.
  [[nodiscard]] std::pair<std::vector<Notice>, Event> after(std::int64_t number) const {
    const std::lock_guard lock(mutex_);
    std::vector<Notice> found;
    for (const Notice& each : notices_)
      if (each.number > number) found.push_back(each);
    return {std::move(found), more_};
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Notice> notices_;
  Event more_;
};

constexpr std::string_view page = R"(<!doctype html><meta charset="utf-8"><title>Notices</title><ul id="list"></ul>
<script>
  new EventSource('/notices/events').addEventListener('notice', (event) => {
    const item = document.createElement('li');
    item.textContent = `${event.lastEventId}: ${JSON.parse(event.data).text}`;
    document.getElementById('list').append(item);
  });
</script>)";

int main() try {
  Board board;
  App app{{.title = "Notices"}};
  app.provide(std::ref(board));

  app.get("/", [] { return Html{std::string(page)}; });
  app.post("/notices", [](Board& on, Json<NewNotice> notice) { return Created(on.add(notice->text)); });

  // [events]
  app.get("/notices/events", [](const Board& on, LastEventId<std::int64_t> last, EventStream<Notice> events) -> Task<> {
    std::int64_t seen = last->value_or(0);
    if (seen < 0) throw HttpError(400, "There is no such notice");  // nothing is sent yet: an ordinary answer
    for (;;) {
      const auto [notices, more] = on.after(seen);
      for (const Notice& notice : notices) {
        co_await events.send(notice, {.event = "notice", .id = std::to_string(notice.number)});
        seen = notice.number;
      }
      co_await more.wait();
    }
  });
  // [/events]

  // [query_of]
  app.get("/notices", [](const Board& on, QueryOf<Search> search) {
    std::vector<Notice> found = on.after(0).first;
    std::erase_if(found, [&](const Notice& each) {
      const bool is_asked_for =
          search->numbers.empty() || std::ranges::find(search->numbers, each.number) != search->numbers.end();
      return !is_asked_for || !each.text.contains(search->containing.value_or(""));
    });
    if (found.size() > static_cast<std::size_t>(search->limit)) found.resize(static_cast<std::size_t>(search->limit));
    return found;
  });
  // [/query_of]

  // [json_lines]
  app.get("/notices/lines", [](const Board& on, JsonLines<Notice> lines) -> Task<> {
    const auto notices = on.after(0).first;
    for (const Notice& notice : notices) co_await lines.send(notice);
  });
  // [/json_lines]

  // [output]
  app.get("/zeros/{megabytes}", [](Path<"megabytes", int, Number{.ge = 0}> megabytes, Output<> out) -> Task<> {
    out.header("content-disposition", "attachment; filename=\"zeros\"");
    for (int i = 0; i < *megabytes; ++i) co_await out.write(std::string(std::size_t{1} << 20, '\0'));
  });
  // [/output]

  // [body_stream]
  app.put("/archive/{name}",
          [](Path<"name"> name, BodyStream body) -> Task<json::object> {
            std::uint64_t bytes = 0;
            for (auto piece = co_await body.read(); !piece.empty(); piece = co_await body.read()) bytes += piece.size();
            co_return json::object{{"name", *name}, {"bytes", bytes}};
          },
          {.body_limit_bytes = 4ULL << 30});
  // [/body_stream]

  // [multipart]
  app.post("/archive",
           [](Multipart form) -> Task<json::array> {
             json::array parts;
             while (auto part = co_await form.next()) {
               std::uint64_t bytes = 0;
               for (auto piece = co_await part->read(); !piece.empty(); piece = co_await part->read())
                 bytes += piece.size();
               parts.push_back(json::object{{"field", part->name}, {"bytes", bytes}});
             }
             co_return parts;
           },
           {.form_limits = {.total_bytes = 4ULL << 30}});
  // [/multipart]

  // [json_field]
  app.put("/notices/{number}/votes", [](Path<"number", std::int64_t> number, JsonField<"notice", NewNotice> notice,
                                        JsonField<"votes", int, Number{.ge = 1, .le = 5}> votes) {
    return json::object{{"number", *number}, {"text", notice->text}, {"votes", *votes}};
  });
  // [/json_field]

  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
