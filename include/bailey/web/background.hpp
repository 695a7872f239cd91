#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/web/binder.hpp>
#include <bailey/web/route_info.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {
namespace web_detail {
class BackgroundQueue;
}

// What a handler leaves to be done after its answer has been sent, as a parameter of the handler.
//
//   app.post("/cards", [](User user, Json<NewCard> card, Background background) -> Task<Created<Card>> {
//     …
//     background.add("notify", [to = std::string(user.email())]() -> Task<> { co_await send_mail(to); });
//     co_return made;
//   });
//
// A task starts when the answer has been sent, or the client has gone, on the loop of the request; several run side by
// side. The connection does not wait for them. What one throws is logged with its name. When the app stops, its
// requests and then they have `shutdown_timeout` together to end, before its lifespans are closed; the rest is
// cancelled, and logged. They are lost with the process: what must not be lost belongs into a queue, such as a table.
// When the handler fails nothing is started.
//
// A task outlives the request: nothing that the handler has by reference may be used in it. A callable is kept until
// its task has ended, so it may capture what it needs by value: a std::string, where the handler has a view such as
// `user.email()`. Of a copy that is kept for longer than the request, `add` starts its task at once.
class Background {
 public:
  explicit Background(Request& request);
  ~Background();  // not trivial: see Parameter

  template <class F>
    requires std::same_as<std::invoke_result_t<F&>, Task<>>
  void add(std::string_view name, F make) const {
    add_task(std::string(name), std::move_only_function<Task<>()>(std::move(make)));
  }

 private:
  void add_task(std::string name, std::move_only_function<Task<>()> make) const;

  std::shared_ptr<web_detail::BackgroundQueue> queue_;
};
inline Background::~Background() = default;

template <>
struct Binder<Background> {
  static constexpr bool looks_into_request = true;
  static Background bind(Request& request) { return Background(request); }
};

}  // namespace bailey
