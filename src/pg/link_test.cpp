// What is no pipeline stands on the same link: COPY both ways, and a walsender.
#include "pg/link.hpp"

#include "pg/background_threads.hpp"
#include "pg/database_fixture.hpp"

#include <bailey/runtime/event.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey::pg::detail {
namespace {

// One command at a time over a link, with COPY: what a user of the link has to write.
class Simple final : private Link::User {
 public:
  Simple(Loop& loop, BackgroundThreads& threads)
      : link_(std::make_shared<Link>(loop, threads, static_cast<Link::User&>(*this))) {}
  Simple(const Simple&) = delete;
  Simple& operator=(const Simple&) = delete;
  ~Simple() { link_->close(); }

  Task<> open(std::string connection_string, std::string replication = {}) {
    link_->open({.connection_string = Secret(std::move(connection_string)),
                 .application_name = "link",
                 .replication = std::move(replication),
                 .connect_timeout = std::chrono::seconds(10)});
    co_await heard();
  }

  // The first row, or what is copied out, a line each. `copied` is what the server is given if it asks for it.
  Task<std::vector<std::string>> run(std::string sql, std::vector<std::string> copied = {}) {
    std::vector<std::string> lines;
    EXPECT_EQ(PQsendQuery(link_->get(), sql.c_str()), 1);
    link_->flush();
    for (;;) {
      while (PQisBusy(link_->get()) != 0) co_await heard();
      const ResultPtr result(PQgetResult(link_->get()));
      if (!result) co_return lines;
      switch (PQresultStatus(result.get())) {
        case PGRES_COPY_OUT: co_await copy_out(lines); break;
        case PGRES_COPY_IN: co_await copy_in(copied); break;
        case PGRES_TUPLES_OK:
          for (int column = 0; column < PQnfields(result.get()); ++column)
            lines.emplace_back(PQgetvalue(result.get(), 0, column));
          break;
        default: EXPECT_EQ(PQresultStatus(result.get()), PGRES_COMMAND_OK) << PQresultErrorMessage(result.get());
      }
    }
  }

  // libpq reads that the server has gone, behind the link's back, as it does in the midst of a send, and closes its
  // socket. The socket's number, which is another's afterwards.
  int let_libpq_find_the_end() {
    const int number = PQsocket(link_->get());
    while (PQconsumeInput(link_->get()) == 1) std::this_thread::yield();
    EXPECT_EQ(PQsocket(link_->get()), -1);
    return ::dup2(STDERR_FILENO, number);
  }
  Task<> hear_of_it() { static_cast<void>(co_await heard_.wait_for(std::chrono::seconds(5))); }

  std::optional<std::string> failure;
  bool lost = false;

 private:
  Task<> copy_out(std::vector<std::string>& lines) {
    for (;;) {
      char* line = nullptr;
      const int size = PQgetCopyData(link_->get(), &line, 1);
      if (size < 0) co_return;
      if (size == 0) {
        co_await heard();
        continue;
      }
      lines.emplace_back(line, static_cast<std::size_t>(size));
      PQfreemem(line);
    }
  }

  Task<> copy_in(const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
      while (PQputCopyData(link_->get(), line.data(), static_cast<int>(line.size())) == 0) {
        link_->flush();
        co_await sleep_for(std::chrono::milliseconds(1));
      }
    EXPECT_EQ(PQputCopyEnd(link_->get(), nullptr), 1);
    link_->flush();
  }

  Task<> heard() {
    co_await heard_.wait();
    heard_.reset();
  }

  void on_open() override { heard_.set(); }
  void on_failed(std::string_view reason) override {
    failure = reason;
    link_->close();
    heard_.set();
  }
  void on_input(bool alive) override {
    if (!alive) {
      lost = true;
      link_->close();
    }
    heard_.set();
  }

  std::shared_ptr<Link> link_;
  Event heard_;
};

class LinkTest : public pg::test::DatabaseTest {
 protected:
  BackgroundThreads threads{2};
};

TEST_F(LinkTest, carries_a_copy_in_and_out_larger_than_any_buffer) {
  run_blocking([&]() -> Task<> {
    Simple simple(Loop::current(), threads);
    co_await simple.open(server().connection_string("postgres", name()));
    co_await simple.run("create table lines (text text)");
    constexpr std::size_t count = 20'000;
    const std::string line(500, 'x');
    const std::vector<std::string> given(count, line + '\n');
    co_await simple.run("copy lines from stdin", given);
    EXPECT_EQ(co_await simple.run("select count(*) from lines"), std::vector{std::to_string(count)});
    EXPECT_EQ(co_await simple.run("copy lines to stdout"), given);
  });
}

TEST_F(LinkTest, tells_that_the_server_has_gone_though_libpq_has_closed_its_socket_and_its_number_is_anothers) {
  run_blocking([&]() -> Task<> {
    Simple simple(Loop::current(), threads);
    co_await simple.open(server().connection_string("postgres", name()));
    const auto backend = co_await simple.run("select pg_backend_pid()");
    EXPECT_EQ(server().query("select pg_terminate_backend(" + backend.front() + ", 5000)"), "t");
    const int another = simple.let_libpq_find_the_end();
    co_await simple.hear_of_it();
    EXPECT_TRUE(simple.lost);
    EXPECT_GE(::fcntl(another, F_GETFD), 0);
    ::close(another);
  });
}

TEST_F(LinkTest, reaches_a_walsender) {
  run_blocking([&]() -> Task<> {
    Simple simple(Loop::current(), threads);
    co_await simple.open(server().connection_string("postgres", name()), "database");
    const std::vector<std::string> system = co_await simple.run("IDENTIFY_SYSTEM");
    EXPECT_EQ(system.size(), 4U);
    EXPECT_EQ(system.back(), name());
  });
}

TEST_F(LinkTest, goes_on_to_the_next_host_where_there_are_several) {
  run_blocking([&]() -> Task<> {
    Simple simple(Loop::current(), threads);
    co_await simple.open(server().connection_string("postgres", name()) + " host=localhost,localhost port=1," +
                         std::to_string(server().port()));
    EXPECT_EQ(simple.failure, std::nullopt);
    EXPECT_EQ(co_await simple.run("select 7"), std::vector<std::string>{"7"});
  });
}

TEST_F(LinkTest, says_why_there_is_no_connection_and_that_one_is_lost) {
  run_blocking([&]() -> Task<> {
    Simple refused(Loop::current(), threads);
    co_await refused.open("host=127.0.0.1 port=1");
    EXPECT_EQ(refused.failure, "connection refused");
    Simple lost(Loop::current(), threads);
    co_await lost.open(server().connection_string("postgres", name()));
    server().execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'link'");
    co_await pg::test::until([&] { return lost.lost; });
  });
}

}  // namespace
}  // namespace bailey::pg::detail
