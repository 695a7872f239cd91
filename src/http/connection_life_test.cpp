#include "http/connection_life.hpp"

#include <gtest/gtest.h>

namespace bailey::http {
namespace {

using namespace std::chrono_literals;
using Phase = ConnectionLife::Phase;
using Fate = ConnectionLife::Fate;
using Peer = ConnectionLife::Peer;
using Trouble = ConnectionLife::Trouble;
using What = ConnectionLife::Order::What;

ServerOptions quick() {
  ServerOptions options;
  options.header_timeout = 10s;
  options.idle_timeout = 15s;
  options.handler_timeout = 3s;
  options.write_timeout = 5s;
  options.body_stall_timeout = 2s;
  options.body_bytes_per_second = 100;
  options.write_bytes_per_second = 10'000;
  options.peer_gone_grace = 250ms;
  return options;
}

TEST(ConnectionLife, parks_a_connection_that_is_idle_and_ends_it_when_the_wait_for_a_request_is_over) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  EXPECT_EQ(life.await_request(0ms), 500ms);
  EXPECT_TRUE(life.is_between_requests());
  EXPECT_EQ(life.expire().what, What::wake);
  EXPECT_TRUE(life.has_expired());
  EXPECT_FALSE(life.is_closing());
  EXPECT_EQ(life.park(500ms), 9500ms);
  EXPECT_EQ(life.expire().what, What::wake);
  EXPECT_TRUE(life.is_closing());
}

TEST(ConnectionLife, counts_the_wait_for_a_request_from_its_beginning_and_anew_after_each) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  EXPECT_EQ(life.await_request(0ms), 500ms);
  EXPECT_EQ(life.await_request(9900ms), 100ms);  // bytes came that were none of a request
  EXPECT_EQ(life.await_request(11s), 0ms);
  life.begin_request();
  EXPECT_EQ(life.await_request(20s), 500ms);
  EXPECT_EQ(life.park(21s), 14s);  // the idle timeout now
}

TEST(ConnectionLife, waits_a_moment_for_another_request_when_the_server_drains) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  EXPECT_EQ(life.await_request(0ms), 500ms);
  life.hurry(200ms);
  EXPECT_EQ(life.await_request(200ms), 250ms);
  EXPECT_EQ(life.expire().what, What::wake);

  life.begin_request();
  life.hurry(20s);
  EXPECT_EQ(life.await_request(25s), 250ms) << "counted from the answer";
  EXPECT_EQ(life.await_farewell(), 250ms);
  EXPECT_EQ(life.await_handshake(), 250ms);

  ServerOptions impatient = quick();
  impatient.header_timeout = impatient.idle_timeout = 30ms;
  ConnectionLife shorter(impatient);
  EXPECT_EQ(shorter.await_request(0ms), 30ms);
  shorter.hurry(10ms);
  EXPECT_EQ(shorter.await_request(10ms), 20ms) << "never longer than without";
}

TEST(ConnectionLife, wakes_what_waits_for_a_head_a_body_or_a_handshake_and_again_until_it_notices) {
  const ServerOptions options = quick();
  for (const Phase phase : {Phase::handshake, Phase::head, Phase::body, Phase::lingering}) {
    ConnectionLife life(options);
    if (phase == Phase::handshake) life.await_handshake();
    if (phase == Phase::head) life.await_head();
    if (phase == Phase::body) life.await_body();
    if (phase == Phase::lingering) life.await_farewell();
    EXPECT_EQ(life.phase(), phase);
    for (int i = 0; i < 3; ++i) {
      const auto order = life.expire();
      EXPECT_EQ(order.what, What::wake);
      EXPECT_EQ(order.again, 200ms);
      EXPECT_TRUE(life.has_expired());
    }
    life.handle();
    EXPECT_FALSE(life.has_expired());
    EXPECT_EQ(life.expire().what, What::nothing);
  }
}

TEST(ConnectionLife, cancels_a_handler_at_its_deadline_then_answers_for_it) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  EXPECT_EQ(life.await_handler(Phase::pending, 0ms), 200ms);
  EXPECT_EQ(life.expire().what, What::look_at_peer);
  EXPECT_EQ(life.saw_peer(Peer::there, 2900ms).what, What::nothing);
  const auto cancel = life.saw_peer(Peer::there, 3s);
  EXPECT_EQ(cancel.what, What::cancel_handler);
  EXPECT_EQ(cancel.again, 1s);
  EXPECT_EQ(life.trouble(), Trouble::too_slow);
  EXPECT_FALSE(life.is_broken());
  EXPECT_EQ(life.expire().what, What::answer_for_handler);
  EXPECT_TRUE(life.is_closing());
  EXPECT_FALSE(life.is_broken()) << "the answer is to be written";
  EXPECT_EQ(life.expire().what, What::nothing);
}

TEST(ConnectionLife, gives_a_request_the_time_that_is_said_for_it_and_the_next_one_its_own) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  life.limit_handler(100ms);
  EXPECT_EQ(life.await_handler(Phase::pending, 1s), 100ms);
  EXPECT_EQ(life.saw_peer(Peer::there, 1099ms).what, What::nothing);
  life.limit_handler(1h);  // said while it waits already
  EXPECT_EQ(life.saw_peer(Peer::there, 30min).what, What::nothing);
  life.limit_handler(0ms);
  EXPECT_EQ(life.saw_peer(Peer::there, 24h * 365).what, What::nothing);
  life.limit_handler(10min);
  EXPECT_EQ(life.saw_peer(Peer::there, 30min).what, What::cancel_handler);
  life.begin_request();
  life.await_handler(Phase::pending, 1h);
  EXPECT_EQ(life.saw_peer(Peer::there, 1h + 2900ms).what, What::nothing);
  EXPECT_EQ(life.saw_peer(Peer::there, 1h + 3s).what, What::cancel_handler);
}

TEST(ConnectionLife, gives_a_stream_no_deadline_and_nobody_an_answer_who_is_gone) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  life.await_handler(Phase::streaming, 0ms);
  EXPECT_EQ(life.saw_peer(Peer::there, 1h).what, What::nothing);
  EXPECT_EQ(life.saw_peer(Peer::gone, 1h).what, What::cancel_handler);
  EXPECT_EQ(life.trouble(), Trouble::peer_gone);
  EXPECT_EQ(life.expire().what, What::give_up_handler);
}

TEST(ConnectionLife, gives_a_peer_that_has_finished_sending_a_while) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  life.await_handler(Phase::pending, 0ms);
  EXPECT_EQ(life.saw_peer(Peer::done_sending, 200ms).what, What::nothing);
  EXPECT_EQ(life.saw_peer(Peer::done_sending, 400ms).what, What::nothing);
  EXPECT_EQ(life.saw_peer(Peer::done_sending, 450ms).what, What::cancel_handler);
  life.begin_request();
  EXPECT_EQ(life.trouble(), Trouble::none);
  life.await_handler(Phase::pending, 500ms);
  EXPECT_EQ(life.saw_peer(Peer::done_sending, 600ms).what, What::nothing);
}

TEST(ConnectionLife, lets_a_reader_be_slow_but_not_stand_still_or_trickle) {
  const ServerOptions options = quick();
  ConnectionLife still(options);
  EXPECT_EQ(still.await_writing(0ms, 50'000), 5s);
  EXPECT_EQ(still.expire_writing(50'000, 5s).what, What::wake);
  EXPECT_TRUE(still.is_broken());
  EXPECT_EQ(still.expire_writing(40'000, 6s).what, What::wake) << "it is woken until it notices";
  still.end_writing();
  EXPECT_EQ(still.expire_writing(40'000, 7s).what, What::nothing);

  ConnectionLife reads(options);
  reads.await_writing(0ms, 1'000'000);
  EXPECT_EQ(reads.expire_writing(900'000, 5s).what, What::nothing);
  EXPECT_EQ(reads.expire_writing(800'000, 10s).again, 5s);

  ConnectionLife trickles(options);
  trickles.await_writing(0ms, 1'000'000);
  EXPECT_EQ(trickles.expire_writing(999'999, 5s).what, What::nothing);  // the first stretch is free
  EXPECT_EQ(trickles.expire_writing(999'998, 10s).what, What::wake);
}

TEST(ConnectionLife, times_what_it_writes_apart_from_what_it_reads) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  life.await_handler(Phase::streaming, 0ms);
  life.await_writing(0ms, 50'000);
  EXPECT_EQ(life.await_body(), 2s);
  EXPECT_EQ(life.expire().what, What::wake);
  EXPECT_TRUE(life.has_expired());
  EXPECT_FALSE(life.is_broken()) << "it may be written on";
  life.await_handler(Phase::streaming, 4s);
  EXPECT_EQ(life.expire().what, What::nothing) << "it is the writing that looks after the peer";
  EXPECT_EQ(life.expire_writing(50'000, 5s).what, What::wake);
  EXPECT_TRUE(life.is_broken());
  life.end_writing();
  EXPECT_EQ(life.expire().what, What::look_at_peer);
}

TEST(ConnectionLife, tells_a_body_that_trickles_from_one_that_is_slow) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.begin_request();
  EXPECT_FALSE(life.trickles(1, 2s));
  EXPECT_FALSE(life.trickles(200, 1s));
  EXPECT_TRUE(life.trickles(1, 2s));
  life.begin_request();
  EXPECT_FALSE(life.trickles(1, 1s));
}

TEST(ConnectionLife, takes_no_burst_as_payment_for_a_body_that_trickles_later) {
  const ServerOptions options = quick();  // 100 bytes a second, after 2 s
  ConnectionLife life(options);
  life.begin_request();
  EXPECT_FALSE(life.trickles(1'000'000, 1s));
  EXPECT_FALSE(life.trickles(1, 1s));
  EXPECT_FALSE(life.trickles(1, 1s));
  EXPECT_TRUE(life.trickles(1, 1s));
  life.begin_request();
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(life.trickles(100, 1s)) << "just fast enough";
  EXPECT_FALSE(life.trickles(0, 2s));
  EXPECT_TRUE(life.trickles(0, 100ms));
}

TEST(ConnectionLife, takes_no_burst_as_payment_for_a_reader_that_trickles_later) {
  const ServerOptions options = quick();  // 10'000 bytes a second, after 5 s
  ConnectionLife life(options);
  life.await_writing(0ms, 4'000'000);
  EXPECT_EQ(life.expire_writing(1'000'000, 5s).what, What::nothing);
  EXPECT_EQ(life.expire_writing(999'999, 10s).what, What::nothing);
  EXPECT_EQ(life.expire_writing(999'998, 15s).what, What::wake);
}

TEST(ConnectionLife, only_ever_gets_worse) {
  const ServerOptions options = quick();
  ConnectionLife life(options);
  life.worsen(Fate::lingering);
  life.worsen(Fate::closing);
  EXPECT_TRUE(life.lingers());
  EXPECT_TRUE(life.is_closing());
  life.worsen(Fate::broken);
  life.worsen(Fate::lingering);
  EXPECT_TRUE(life.is_broken());
  EXPECT_FALSE(life.lingers());
}

TEST(ConnectionLife, that_is_cut_has_its_handler_cancelled_where_one_waits) {
  const ServerOptions options = quick();
  for (const auto& [phase, cancels] :
       {std::pair(Phase::pending, true), std::pair(Phase::streaming, true), std::pair(Phase::body, true),
        std::pair(Phase::upgraded, true), std::pair(Phase::idle, false), std::pair(Phase::handling, false)}) {
    ConnectionLife life(options);
    if (phase == Phase::pending || phase == Phase::streaming) life.await_handler(phase, 0ms);
    if (phase == Phase::body) life.await_body();
    if (phase == Phase::upgraded) life.upgrade();
    if (phase == Phase::idle) life.await_request(0ms);
    EXPECT_EQ(life.cut().what, cancels ? What::cancel_handler : What::nothing);
    EXPECT_TRUE(life.is_broken());
  }
}

TEST(ConnectionLife, that_is_cut_gives_its_handler_a_while_to_notice) {
  const ServerOptions options = quick();
  for (const Phase phase : {Phase::pending, Phase::streaming, Phase::body}) {
    ConnectionLife life(options);
    life.begin_request();
    if (phase == Phase::body) {
      life.await_body();
      EXPECT_EQ(life.cut().again, 1s);
      EXPECT_EQ(life.await_handler(Phase::pending, 1ms), 1s);
    } else {
      life.await_handler(phase, 0ms);
      EXPECT_EQ(life.cut().again, 1s);
    }
    EXPECT_EQ(life.expire().what, What::give_up_handler);
  }
}

}  // namespace
}  // namespace bailey::http
