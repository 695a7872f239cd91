// The keep-alive path allocates nothing once it is warm, and an idle connection holds little. Both are counted by
// standing in for malloc, which sanitizers do themselves.
#include <bailey/http/buffer.hpp>
#include <bailey/http/server.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <malloc.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BAILEY_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BAILEY_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(BAILEY_SANITIZED)

namespace {
thread_local bool is_counted = false;
std::atomic<long> allocations = 0, bytes_held = 0;
void* count(void* made) noexcept {
  if (!is_counted) return made;
  allocations.fetch_add(1, std::memory_order_relaxed);
  bytes_held.fetch_add(static_cast<long>(::malloc_usable_size(made)), std::memory_order_relaxed);
  return made;
}
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);

void __libc_free(void*);

void* malloc(std::size_t size) { return count(__libc_malloc(size)); }
void* calloc(std::size_t number, std::size_t size) { return count(__libc_calloc(number, size)); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return count(__libc_memalign(alignment, size)); }
void free(void* old) {
  if (is_counted) bytes_held.fetch_sub(static_cast<long>(::malloc_usable_size(old)), std::memory_order_relaxed);
  __libc_free(old);
}
void* realloc(void* old, std::size_t size) {
  if (is_counted) bytes_held.fetch_sub(static_cast<long>(::malloc_usable_size(old)), std::memory_order_relaxed);
  return count(__libc_realloc(old, size));
}
int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  *result = count(__libc_memalign(alignment, size));
  return *result ? 0 : ENOMEM;
}
}

namespace bailey::http {
namespace {

using namespace test;

Answer answer_at_once(Request& request) {
  std::string body = take_buffer();
  body.append(R"({"user_id":"b5ae62f9-ef1d-4f11-a02b-731c8bbb11e8"})");
  Response response = Response::json(200, std::move(body));
  if (request.path() == "/headers") response.headers.add("Access-Control-Allow-Origin", "http://localhost:5173");
  return response;
}

Task<Response> respond(Request& request) {
  const std::string_view body = co_await request.body();
  std::string copy = take_buffer();
  copy.append(body);
  co_return Response::json(200, std::move(copy));
}

Task<> fill(std::array<char, 3000>& text) {
  text.fill('x');
  co_return;
}

// Its frame is longer than Asio's own cache keeps.
Task<Response> respond_at_length(Request&) {
  std::array<char, 3000> text{};
  co_await fill(text);
  std::string copy = take_buffer();
  copy.append(text.data(), text.size());
  co_return Response::json(200, std::move(copy));
}

long allocations_of(const std::string& request, std::function<Answer(Request&)> handle) {
  TestServer server(std::move(handle));
  RawClient client(server.port());
  const auto ask = [&](int times) {
    for (int i = 0; i < times; ++i) {
      client.send(request);
      std::string bytes(4096, '\0');
      EXPECT_GT(::recv(client.descriptor(), bytes.data(), bytes.size(), 0), 0);
    }
  };
  ask(50);
  server.on_loop([] { is_counted = true; });
  allocations = 0;
  ask(500);
  const long counted = allocations;
  server.on_loop([] { is_counted = false; });
  return counted;
}

TEST(ServerAllocation, does_not_allocate_for_a_request_on_a_warm_connection) {
  const std::string bearer = "Host: a\r\nAccept: */*\r\nAuthorization: Bearer " + std::string(700, 't') + "\r\n\r\n";
  // What moves the loop's `on_loop` itself is counted too: a handful, against 500 requests.
  EXPECT_LT(allocations_of("GET /me HTTP/1.1\r\n" + bearer, answer_at_once), 10);
  EXPECT_LT(allocations_of("GET /headers?x=y HTTP/1.1\r\n" + bearer, answer_at_once), 10);
  EXPECT_LT(allocations_of("GET /with%20escape HTTP/1.1\r\n" + bearer, answer_at_once), 10);
  EXPECT_LT(
      allocations_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'b'), respond), 10);
  EXPECT_LT(allocations_of("GET /long HTTP/1.1\r\n" + bearer, respond_at_length), 10);
}

TEST(ServerAllocation, holds_less_than_ten_kilobytes_for_an_idle_connection) {
  constexpr std::size_t count = 500;
  TestServer server(answer_at_once, {.idle_timeout = std::chrono::hours(10)});
  std::vector<std::unique_ptr<RawClient>> clients;
  clients.reserve(count);
  const auto connect = [&] {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(status_of(clients.back()->answer()), 200);
    server.on_loop([] {});
    server.advance(std::chrono::milliseconds(600));  // it is idle now, and parked
    server.on_loop([] {});
  };
  for (int i = 0; i < 10; ++i) connect();
  server.on_loop([] { is_counted = true; });
  bytes_held = 0;
  while (clients.size() < count) connect();
  server.on_loop([] { is_counted = false; });
  const long each = bytes_held / static_cast<long>(count - 10);
  RecordProperty("bytes", static_cast<int>(each));
  EXPECT_GT(each, 500);  // or it was not counted at all
  EXPECT_LT(each, 10 * 1024);
}

}  // namespace
}  // namespace bailey::http

#endif
