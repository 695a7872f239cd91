#pragma once

#include <bailey/runtime/task.hpp>

namespace bailey::graphql::detail {

// What is done with each event of a subscription. It lives as long as its resolver runs.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;

  // Of the type that the field has; it is the caller's, and kept until this returns.
  [[nodiscard]] virtual Task<> emit(const void* event) = 0;

 protected:
  ~EventSink() = default;
};

}  // namespace bailey::graphql::detail
