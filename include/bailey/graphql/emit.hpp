#pragma once

#include <bailey/graphql/detail/stream.hpp>
#include <bailey/runtime/task.hpp>

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
// has expired, and when the server stops.
template <class T>
class Emit {
 public:
  using value_type = T;

  explicit Emit(detail::EventSink& sink) noexcept : sink_(&sink) {}
  ~Emit();  // not trivial: see Parameter

  [[nodiscard]] Task<> operator()(T value) const { return send(std::move(value), *sink_); }

 private:
  static Task<> send(T value, detail::EventSink& sink) { co_await sink.emit(&value); }

  detail::EventSink* sink_;
};
template <class T>
Emit<T>::~Emit() = default;

}  // namespace bailey::graphql
