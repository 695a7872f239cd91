#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace bailey {

// Timeouts by the thousand, each armed and re-armed for the price of writing a number: a hashed wheel of intrusive
// lists, 100 ms a tick. It is meant for timeouts, which are nearly always cancelled or moved before they expire; what
// must wake exactly takes `sleep_for`.
//
// The wheel owns nothing, allocates nothing and reads no clock: time is what `tick` is told. An entry never expires
// early as seen from the latest tick, and at most two ticks late. One thread. The wheel must outlive the entries armed
// in it.
class TimerWheel {
  struct Node {  // of a circular list; each slot's head is one too
    Node* next = nullptr;
    Node* previous = nullptr;
  };

 public:
  using Duration = std::chrono::milliseconds;
  static constexpr Duration resolution{100};

  // A timeout. Lives in the object that times out; destroying it disarms it.
  class Entry : private Node {
   public:
    explicit Entry(std::move_only_function<void()> on_expiry) : on_expiry_(std::move(on_expiry)) {}
    ~Entry() { unlink(); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    [[nodiscard]] bool is_armed() const noexcept { return deadline_ != never; }

   private:
    friend class TimerWheel;
    static constexpr std::uint64_t never = ~std::uint64_t{0};
    void unlink() noexcept;

    std::uint64_t deadline_ = never;  // in ticks
    std::uint64_t slot_tick_ = 0;     // when the slot it hangs in will be looked at
    std::move_only_function<void()> on_expiry_;
  };

  TimerWheel();
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Lets `entry` expire after `delay`, whether it is armed already or not. Moving an armed entry later, the usual case,
  // writes its deadline and nothing else.
  void arm(Entry& entry, Duration delay) noexcept;
  void cancel(Entry& entry) noexcept { entry.deadline_ = Entry::never; }

  // Moves the wheel's time forward to `now`, counted from its construction, and runs the callbacks of all entries that
  // have expired, each disarmed first. A callback may arm, cancel and destroy any entry. Time that goes back is
  // ignored.
  void tick(Duration now);
  [[nodiscard]] Duration now() const noexcept { return resolution * static_cast<Duration::rep>(tick_); }

 private:
  static constexpr std::size_t slot_count = 512;  // 51 s a turn; what is further away is hung up again once a turn
  void link(Entry& entry) noexcept;
  void look_at_slot();

  std::uint64_t tick_ = 0;
  std::array<Node, slot_count> slots_;
};

}  // namespace bailey
