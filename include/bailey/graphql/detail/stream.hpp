#pragma once

#include <bailey/runtime/task.hpp>

#include <memory>

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

// The way to a sink for whoever has an Emit, which may be kept for longer than the resolver runs. On its loop.
class EventOutlet {
 public:
  explicit EventOutlet(EventSink& sink) noexcept : sink_(&sink) {}
  void close() noexcept { sink_ = nullptr; }
  // Throws Error "misuse" when the resolver has ended.
  [[nodiscard]] EventSink& sink() const;

 private:
  EventSink* sink_;
};

// Closes it at the end of a scope.
class EventOutletScope {
 public:
  explicit EventOutletScope(EventSink& sink) : outlet_(std::make_shared<EventOutlet>(sink)) {}
  ~EventOutletScope() { outlet_->close(); }
  EventOutletScope(const EventOutletScope&) = delete;
  EventOutletScope& operator=(const EventOutletScope&) = delete;
  [[nodiscard]] const std::shared_ptr<EventOutlet>& outlet() const noexcept { return outlet_; }

 private:
  std::shared_ptr<EventOutlet> outlet_;
};

}  // namespace bailey::graphql::detail
