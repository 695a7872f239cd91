#pragma once

#include <bailey/graphql/detail/stream.hpp>
#include <bailey/runtime/task.hpp>

#include <memory>
#include <utility>

namespace bailey::graphql {

// Where a subscription's resolver puts what happens, as its last parameter: the client is sent what it has selected of
// each value. Awaiting it goes on when there is room for more, so that a slow client slows its own resolver alone.
//
//   schema.subscription("card_changed", [](Arg<"id", Uuid> id, Emit<Card> emit) -> Task<> {
//     while (auto card = co_await changes.receive()) co_await emit(*std::move(card));
//   });
//
// The resolver's end completes the subscription. It is cancelled when the client has had enough, has gone, or its token
// has expired, and when the server stops. Awaited after that, in a task that the resolver has left behind, it throws
// Error "misuse".
template <class T>
class Emit {
 public:
  using value_type = T;

  explicit Emit(std::shared_ptr<detail::EventOutlet> outlet) noexcept : outlet_(std::move(outlet)) {}
  ~Emit();  // not trivial: see Parameter

  [[nodiscard]] Task<> operator()(T value) const { return send(std::move(value), outlet_); }

 private:
  static Task<> send(T value, std::shared_ptr<detail::EventOutlet> outlet) { co_await outlet->sink().emit(&value); }

  std::shared_ptr<detail::EventOutlet> outlet_;
};
template <class T>
Emit<T>::~Emit() = default;

}  // namespace bailey::graphql
