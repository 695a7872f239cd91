#include <bailey/base/error.hpp>
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using Texts = Channel<std::unique_ptr<std::string>>;

std::unique_ptr<std::string> text(std::string_view value) { return std::make_unique<std::string>(value); }

Task<> send_all(Texts channel, std::string_view values, std::string& story) {
  for (const char value : values) {
    const bool sent = co_await channel.send(text(std::string(1, value)));
    story += sent ? value : '!';
  }
}

Task<> receive_all(Texts channel, std::string& story) {
  while (auto value = co_await channel.receive()) story += **value;
  story += '.';
}

TEST(Channel, holds_so_many_values_and_makes_the_sender_of_the_next_wait) {
  run_blocking([]() -> Task<> {
    for (const std::size_t capacity : {0U, 1U, 3U}) {
      Texts channel(capacity);
      std::string sent, received;
      TaskGroup tasks("channel");
      tasks.spawn(send_all(channel, "abcdef", sent));
      co_await sleep_for(1ms);
      EXPECT_EQ(sent, std::string("abc").substr(0, capacity));
      EXPECT_EQ(channel.size(), capacity);
      tasks.spawn(receive_all(channel, received));
      while (sent.size() < 6) co_await sleep_for(1ms);
      channel.close();
      EXPECT_TRUE(co_await tasks.drain(1h));
      EXPECT_EQ(received, "abcdef.");
    }
  });
}

TEST(Channel, that_is_closed_takes_nothing_more_and_gives_what_lies_in_it) {
  run_blocking([]() -> Task<> {
    Texts channel(1);
    std::string sent;
    TaskGroup tasks("channel");
    tasks.spawn(send_all(channel, "ab", sent));
    channel.close();
    EXPECT_TRUE(channel.is_closed());
    EXPECT_TRUE(co_await tasks.drain(1h));
    EXPECT_EQ(sent, "a!");
    EXPECT_FALSE(channel.try_send(text("c")));
    const auto first = co_await channel.receive();
    EXPECT_EQ(**first, "a");
    EXPECT_FALSE(co_await channel.receive());
    EXPECT_FALSE(channel.try_receive());
  });
}

TEST(Channel, leaves_a_value_where_it_is_that_there_is_no_room_for) {
  Texts channel(1);
  EXPECT_TRUE(channel.try_send(text("a")));
  auto kept = text("b");
  EXPECT_FALSE(channel.try_send(kept));
  EXPECT_EQ(*kept, "b");
}

TEST(Channel, loses_and_doubles_nothing_when_receivers_are_cancelled) {
  run_blocking([]() -> Task<> {
    Texts channel(4);
    std::string sent, lost, received;
    TaskGroup cancelled("cancelled"), kept("kept");
    cancelled.spawn(receive_all(channel, lost));
    co_await sleep_for(1ms);
    cancelled.cancel();
    kept.spawn(receive_all(channel, received));
    kept.spawn(send_all(channel, "abc", sent));
    co_await sleep_for(1ms);
    channel.close();
    EXPECT_TRUE(co_await kept.drain(1h));
    EXPECT_EQ(lost, "");
    EXPECT_EQ(received, "abc.");
  });
}

TEST(Channel, takes_a_value_back_from_a_receiver_that_is_cancelled_before_it_goes_on) {
  run_blocking([]() -> Task<> {
    Texts channel(2);
    std::string lost, received;
    TaskGroup cancelled("cancelled"), kept("kept");
    cancelled.spawn(receive_all(channel, lost));
    EXPECT_TRUE(channel.try_send(text("a")));
    EXPECT_TRUE(channel.try_send(text("b")));
    EXPECT_TRUE(channel.try_send(text("c")));
    kept.spawn(receive_all(channel, received));  // "b" and "c"; then it waits
    cancelled.cancel();
    channel.close();
    EXPECT_TRUE(co_await cancelled.drain(1h));
    EXPECT_TRUE(co_await kept.drain(1h));
    EXPECT_EQ(lost, "");
    EXPECT_EQ(received, "bca.");
  });
}

TEST(Channel, puts_a_value_that_comes_back_before_all_others_though_it_is_full) {
  run_blocking([]() -> Task<> {
    Texts channel(1);
    std::string lost, sent, received;
    TaskGroup cancelled("cancelled"), kept("kept");
    cancelled.spawn(receive_all(channel, lost));
    kept.spawn(send_all(channel, "abc", sent));  // one handed over, one in the queue, one waits
    cancelled.cancel();
    EXPECT_TRUE(co_await cancelled.drain(1h));
    EXPECT_EQ(channel.size(), 2U);
    EXPECT_EQ(**channel.try_receive(), "a");
    EXPECT_EQ(channel.size(), 1U);
    kept.spawn(receive_all(channel, received));
    co_await sleep_for(1ms);
    channel.close();
    EXPECT_TRUE(co_await kept.drain(1h));
    EXPECT_EQ(sent, "abc");
    EXPECT_EQ(received, "bc.");
  });
}

Task<> set_and_send(Event event, Channel<int> channel) {
  co_await sleep_for(1ms);
  event.set();
  EXPECT_TRUE(channel.try_send(42));
}

TEST(Channel, keeps_the_value_that_comes_at_the_moment_when_another_task_decides_when_any) {
  run_blocking([]() -> Task<> {
    const Channel<int> channel(10);
    const Event event;
    const auto [decided, nothing] =
        co_await when_all(when_any(event.wait(), channel.receive()), set_and_send(event, channel));
    EXPECT_EQ(decided.index(), 0U);
    EXPECT_EQ(channel.try_receive(), 42);
    EXPECT_TRUE(channel.try_send(43));
    const auto at_once = co_await when_any(event.wait(), channel.receive());
    EXPECT_EQ(at_once.index(), 0U);
    EXPECT_EQ(channel.try_receive(), 43);
  });
}

TEST(Channel, keeps_the_value_that_was_handed_to_a_task_whose_loop_ended_first) {
  Channel<int> channel(0);
  {
    Loop loop;
    loop.post([&] {
      loop.spawn("receive", [](Channel<int> from) -> Task<> { static_cast<void>(co_await from.receive()); }(channel));
      loop.post([&] {
        loop.io().stop();
        EXPECT_TRUE(channel.try_send(7));
      });
    });
    loop.run();
  }
  EXPECT_EQ(channel.try_receive(), 7);
}

Task<> receive_in_time(Channel<int> channel, std::vector<int>& received) {
  for (;;) {
    const auto next = co_await when_any(channel.receive(), sleep_for(1ms));
    if (next.index() != 0) continue;
    if (!std::get<0>(next)) co_return;
    received.push_back(*std::get<0>(next));
  }
}

TEST(Channel, brings_all_values_in_order_to_a_receiver_that_waits_for_each_only_so_long) {
  constexpr int count = 300;
  const Channel<int> channel(100);
  std::vector<int> received;
  std::jthread sender([&] {
    for (int i = 0; i < count; ++i) {
      while (!channel.try_send(i)) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::microseconds(900 + i));
    }
    channel.close();
  });
  run_blocking(receive_in_time(channel, received));
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(received, all);
}

TEST(Channel, sends_nothing_for_a_sender_that_was_cancelled) {
  run_blocking([]() -> Task<> {
    Texts channel(0);
    std::string sent, received;
    TaskGroup cancelled("cancelled"), kept("kept");
    cancelled.spawn(send_all(channel, "x", sent));
    co_await sleep_for(1ms);
    cancelled.cancel();
    co_await sleep_for(1ms);
    kept.spawn(receive_all(channel, received));
    channel.close();
    EXPECT_TRUE(co_await kept.drain(1h));
    EXPECT_EQ(received, ".");
  });
}

Task<> produce(Channel<int> channel, int from, int count) {
  for (int i = 0; i < count; ++i) {
    const bool sent = co_await channel.send(from + i);
    EXPECT_TRUE(sent);
  }
}
Task<> consume(Channel<int> channel, std::atomic<long>& sum, std::atomic<int>& count) {
  while (const auto value = co_await channel.receive()) {
    sum += *value;
    ++count;
  }
}

TEST(Channel, carries_each_value_once_between_loops_and_threads) {
  constexpr int each = 2000;
  Channel<int> channel(3);
  std::atomic<long> sum = 0;
  std::atomic<int> count = 0;
  Runtime runtime({.threads = 3, .handle_signals = false});
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    runtime.loop(i).spawn("produce", produce(channel, static_cast<int>(i) * each, each));
    runtime.loop(i).spawn("consume", consume(channel, sum, count));
  }
  std::jthread other([&] {
    for (int i = 3 * each; i < 4 * each; ++i) {
      while (!channel.try_send(i)) std::this_thread::yield();
    }
    while (count < 4 * each) std::this_thread::yield();
    channel.close();
    runtime.request_stop();
  });
  runtime.run();
  constexpr long last = 4 * each - 1;
  EXPECT_EQ(sum, last * (last + 1) / 2);
  EXPECT_EQ(count, 4 * each);
}

Task<> send_and_fail(Texts channel) {
  const auto closing = channel.close_at_end();
  static_cast<void>(co_await channel.send(text("a")));
  throw Error("broken", "it broke");
}

TEST(Channel, ends_its_receiver_when_the_only_sender_that_closes_it_at_its_end_fails) {
  run_blocking([]() -> Task<> {
    Texts channel(1);
    std::string received;
    TaskGroup tasks("channel");
    tasks.spawn(receive_all(channel, received));
    tasks.spawn(send_and_fail(channel));
    EXPECT_TRUE(co_await tasks.drain(1h));
    EXPECT_EQ(received, "a.");
  });
}

}  // namespace
}  // namespace bailey
