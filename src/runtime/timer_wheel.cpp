// A hashed timer wheel (Varghese and Lauck, scheme 6) with lazy re-arming: a timeout moved later stays in its slot and
// is hung up anew when the slot's turn comes. A connection that re-arms its timeout for each request thus touches the
// lists a few times a minute. Cancelling is as lazy: the entry leaves its slot when the slot is looked at, or when it
// dies.
#include <bailey/runtime/timer_wheel.hpp>

#include <algorithm>

namespace bailey {

TimerWheel::TimerWheel() {
  for (Node& head : slots_) head.next = head.previous = &head;
}

TimerWheel::~TimerWheel() {
  for (Node& head : slots_) {
    for (Node* node = head.next; node != &head;) {
      Node* next = node->next;
      node->next = node->previous = nullptr;
      node = next;
    }
  }
}

void TimerWheel::Entry::unlink() noexcept {
  if (!next) return;
  next->previous = previous;
  previous->next = next;
  next = previous = nullptr;
}

void TimerWheel::link(Entry& entry) noexcept {
  entry.slot_tick_ = std::min(entry.deadline_, tick_ + slot_count - 1);
  Node& head = slots_[entry.slot_tick_ % slot_count];
  entry.previous = head.previous;
  entry.next = &head;
  head.previous->next = &entry;
  head.previous = &entry;
}

void TimerWheel::arm(Entry& entry, Duration delay) noexcept {
  const auto ticks = (std::max(delay, Duration(1)) + resolution - Duration(1)) / resolution;
  entry.deadline_ = tick_ + static_cast<std::uint64_t>(ticks);
  if (entry.next && entry.slot_tick_ <= entry.deadline_) return;
  entry.unlink();
  link(entry);
}

void TimerWheel::tick(Duration now) {
  while (this->now() + resolution <= now) {
    ++tick_;
    look_at_slot();
  }
}

void TimerWheel::look_at_slot() {
  Node& slot = slots_[tick_ % slot_count];
  if (slot.next == &slot) return;
  Node due;  // the slot's entries, on a list of their own: callbacks may hang up others in the slot meanwhile
  due.next = slot.next;
  due.previous = slot.previous;
  due.next->previous = &due;
  due.previous->next = &due;
  slot.next = slot.previous = &slot;

  while (due.next != &due) {
    Entry& entry = static_cast<Entry&>(*due.next);
    entry.unlink();
    if (entry.deadline_ == Entry::never) continue;
    if (entry.deadline_ > tick_) {
      link(entry);
      continue;
    }
    entry.deadline_ = Entry::never;
    entry.on_expiry_();
  }
}

}  // namespace bailey
