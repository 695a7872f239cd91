#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/runtime/deferred.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/supabase/filter.hpp>
#include <bailey/supabase/identity.hpp>
#include <bailey/supabase/postgrest_error.hpp>
#include <bailey/supabase/rows.hpp>

#include <cstdint>
#include <expected>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bailey {

namespace client_detail {

class Project;

// A request that has not been sent: what to ask, of whom, and as whom.
struct Call {
  Call(std::shared_ptr<const Project> of, Identity as) noexcept : project(std::move(of)), identity(std::move(as)) {}
  Call(Call&&) noexcept = default;
  Call& operator=(Call&&) = delete;
  ~Call() {
    if (project && !is_sent) note_unsent(*this);
  }

  std::shared_ptr<const Project> project;  // shared: a request may outlive the handle it was built from
  Identity identity;
  query::ApiRequest request;
  bool negate_next = false;
  bool is_sent = false;

 private:
  static void note_unsent(const Call& call) noexcept;
};
using CallPointer = std::unique_ptr<Call>;

[[nodiscard]] Task<Reply> send(Call& call);  // throws PostgrestError
void add_filter(Call& call, Filter filter);
[[noreturn]] void fail_used_up();

template <class R, class TakerOfR>
Task<R> run(CallPointer call) {
  Reply reply = co_await send(*call);
  co_return TakerOfR::take(std::move(reply));
}

template <class R>
Task<std::expected<R, PostgrestError>> run_catching(Task<R> task) {
  try {
    if constexpr (std::is_void_v<R>) {
      co_await std::move(task);
      co_return std::expected<void, PostgrestError>();
    } else {
      co_return co_await std::move(task);
    }
  } catch (const PostgrestError& error) {
    co_return std::unexpected(error);
  }
}

struct Access;

}  // namespace client_detail

// A database request that is sent when it is awaited, once:
//
//   auto cards = co_await supabase.from("cards").select<Card>().eq("id", 7);      throws PostgrestError
//   auto cards = co_await supabase.from("cards").select<Card>().try_execute();    std::expected<…, PostgrestError>
//
// It is a Task, so it can be returned or stored as one; a named one is awaited with `co_await std::move(request)`. The
// methods that refine it change a named request in place, and hand a temporary one on:
//
//   auto request = supabase.from("cards").select<Card>();
//   if (done) request.eq("done", true);
//   auto cards = co_await std::move(request);
//
// One that is not awaited does nothing: compilers warn of it, as of an unused variable or value, and when it ends the
// log says so. After it was awaited or moved from, its methods and awaiting it once more throw "misuse". To try again,
// build it again. It acts as the identity of the handle it was made from, whatever happens to that handle. One thread
// at a time.
template <class R>
class [[nodiscard, gnu::warn_unused]] Pending : public Task<R> {
 public:
  explicit Pending(client_detail::CallPointer call) : Pending(std::move(call), client_detail::Taker<R>()) {}
  template <class TakerOfR>
  Pending(client_detail::CallPointer call, TakerOfR taker) : Pending(call.get(), std::move(call), taker) {}
  Pending(Pending&&) noexcept = default;
  Pending& operator=(Pending&&) = delete;  // `request = request.eq(…)`: request.eq(…) has changed it already
  ~Pending() = default;

  // Hands the request over, to be awaited once; this object is used up. Throws "misuse" when it already was.
  [[nodiscard]] Deferred<R> execute() {
    if (!this->valid()) client_detail::fail_used_up();
    return Task<R>(std::move(static_cast<Task<R>&>(*this)));
  }
  // The same, with the error returned instead of thrown.
  [[nodiscard]] Deferred<std::expected<R, PostgrestError>> try_execute() {
    return client_detail::run_catching<R>(execute());
  }

 private:
  friend struct client_detail::Access;
  // The coroutine owns the call and has not started, so the call can be refined through the pointer until it is
  // awaited. `owned` is a reference, since nothing says which of two arguments is made first.
  template <class TakerOfR>
  Pending(client_detail::Call* call, client_detail::CallPointer&& owned, TakerOfR /*taker*/)
      : Task<R>(client_detail::run<R, TakerOfR>(std::move(owned))), call_(call) {}

  client_detail::Call* call_;
};

template <class Request>
class Unfiltered;

namespace client_detail {

struct Access {
  template <class Request>
  static Call& call(Unfiltered<Request>& request) {
    if (!request.call_) fail_used_up();
    return *request.call_;
  }
  template <class R>
  static Call& call(Pending<R>& pending) {
    if (!pending.valid()) fail_used_up();
    return *pending.call_;
  }
  // The call, to be sent for another result.
  template <class R>
  static CallPointer release(Pending<R>& pending) {
    auto moved = std::make_unique<Call>(std::move(call(pending)));
    const Task<R> dropped = pending.execute();
    return moved;
  }
};

}  // namespace client_detail

}  // namespace bailey
