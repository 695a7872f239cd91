// A name that takes long to look up, by a function that stands before the C library's.
#include <bailey/http/client.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <semaphore>
#include <string_view>

namespace {

std::binary_semaphore looked_up(0);

}  // namespace

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  if (name != nullptr && std::string_view(name) == "slow.example") {
    (void)looked_up.try_acquire_for(std::chrono::seconds(5));
    return EAI_AGAIN;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto of_the_library = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return of_the_library(name, service, hints, found);
}

namespace bailey::http {
namespace {

TEST(Client, does_not_stall_its_loop_for_a_name_lookup_that_does_not_end) {
  const Client client;
  ClientRequest request;
  request.url = "http://slow.example/";
  request.timeout = std::chrono::milliseconds(50);
  const auto started = std::chrono::steady_clock::now();
  const auto outcome = run_blocking(client.send(std::move(request)));
  const auto took = std::chrono::steady_clock::now() - started;
  looked_up.release();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), "timeout");
  EXPECT_LT(took, std::chrono::seconds(3));
}

}  // namespace
}  // namespace bailey::http
