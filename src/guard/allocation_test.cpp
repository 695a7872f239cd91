// Counts every malloc of the process while a served app answers guarded requests on a warm keep-alive connection. The
// test's own thread does not count. Not with AddressSanitizer or ThreadSanitizer, whose malloc it is.
#include <bailey/guard/authenticate.hpp>
#include <bailey/guard/user.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/cors.hpp>
#include "guard/provider.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BAILEY_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BAILEY_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef BAILEY_COUNTS_ALLOCATIONS
#define BAILEY_COUNTS_ALLOCATIONS 1
#endif

#if BAILEY_COUNTS_ALLOCATIONS

namespace {
std::atomic<long> allocations = 0;
std::atomic<bool> counting = false;
thread_local bool is_client = false;

void count_one() {
  if (counting.load(std::memory_order_relaxed) && !is_client) allocations.fetch_add(1, std::memory_order_relaxed);
}
}  // namespace

// glibc's own names for what we stand in front of.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  count_one();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_one();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  count_one();
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_one();
  return __libc_memalign(alignment, size);
}
}

namespace bailey {
namespace {

// The answer to one request, read into a buffer that is there already.
std::size_t ask(boost::asio::ip::tcp::socket& socket, const std::string& request, std::array<char, 4096>& into) {
  boost::asio::write(socket, boost::asio::buffer(request));
  return socket.read_some(boost::asio::buffer(into));
}

long allocations_per_thousand(App& app, const std::string& request, std::string_view expected) {
  is_client = true;
  web_testing::Served served(app, 1);
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  socket.connect(served.endpoint());
  std::array<char, 4096> answer{};
  for (int i = 0; i < 200; ++i) static_cast<void>(ask(socket, request, answer));
  allocations = 0;
  counting = true;
  std::size_t size = 0;
  for (int i = 0; i < 1000; ++i) size = ask(socket, request, answer);
  counting = false;
  EXPECT_NE(std::string_view(answer.data(), size).find(expected), std::string_view::npos)
      << std::string_view(answer.data(), size);
  socket.close();
  return allocations;
}

TEST(Allocation, is_seen_when_there_is_one) {
  App app;
  app.get("/me", [] { return std::string(1000, 'x'); });
  EXPECT_GE(allocations_per_thousand(app, "GET /me HTTP/1.1\r\nHost: x\r\n\r\n", "xxx"), 1000);
}

struct Me {
  Uuid user_id;
};

constexpr std::size_t many = 3000;

Task<> fill(std::array<char, many>& text) {
  text.fill('x');
  co_return;
}

TEST(Allocation, a_guarded_request_on_a_warm_connection_makes_none) {
  const jwt::Key key = jwt::Key::generate_es256("first");
  guard_testing::Provider provider(key);
  const Supabase supabase = guard_testing::project_at(provider.url());
  const std::string token = key.sign(guard_testing::claims()).value();
  const std::string sent =
      "GET /me HTTP/1.1\r\nHost: api.example.org\r\nAccept: application/json\r\n"
      "Authorization: Bearer " +
      token + "\r\n\r\n";
  const std::string expected = R"({"user_id":")" + std::string(guard_testing::ada) + R"("})";
  struct Case {
    std::string_view what;
    std::function<void(App&)> build;
    long most = 0;
  };
  for (const Case& c : std::vector<Case>{
           {"state",
            [&](App& app) {
              app.use(authenticate(supabase));
              app.get("/me", [](const Request& request) { return Me{request.state().user_id()}; });
            }},
           {"user",
            [&](App& app) {
              app.use(authenticate(supabase));
              app.get("/me", [](User user) { return Me{user.id()}; });
            }},
           {"behind everything",
            [&](App& app) {
              app.use(access_log({.sink = [](std::string_view) {}}));
              app.use(cors({.allow_origins = {"https://app.example.org"}}));
              app.use(authenticate(supabase));
              app.get("/me", [](User user) { return Me{user.id()}; });
            },
            4},  // some hundred lines at once are handed to the sink's thread
           {"a handler that is a coroutine",
            [&](App& app) {
              app.use(authenticate(supabase));
              app.get("/me", [](User user) -> Task<Me> { co_return Me{user.id()}; });
            }},
           {"a handler that is a coroutine of three kilobytes",
            [&](App& app) {
              app.use(authenticate(supabase));
              app.get("/me", [](User user) -> Task<Me> {
                std::array<char, many> text{};
                co_await fill(text);
                co_return Me{text.back() == 'x' ? user.id() : Uuid()};
              });
            }},
       }) {
    App app;
    c.build(app);
    EXPECT_LE(allocations_per_thousand(app, sent, expected), c.most) << c.what;
  }
}

}  // namespace
}  // namespace bailey

#endif
