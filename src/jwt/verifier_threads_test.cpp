// One verifier, many threads: run under ThreadSanitizer this is the proof that keys and contexts are shared safely.
#include <bailey/jwt/verifier.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace bailey::jwt {
namespace {

TEST(Verifier, is_shared_by_threads) {
  const std::vector<Key> keys{*Key::from_secret(Secret(std::string(32, 's')), "hs"), Key::generate_rs256("rs"),
                              Key::generate_es256("es"), Key::generate_eddsa("ed")};
  auto set = std::make_shared<KeySet>();
  for (const Key& key : keys) set->add(key);
  const Verifier verifier(set);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        for (const Key& key : keys) {
          const std::string subject = std::to_string(t) + "-" + std::to_string(i);
          std::string token = key.sign(R"({"exp":2000000000,"sub":")" + subject + "\"}").value();
          const auto claims = verifier.verify(token, UnixSeconds(std::chrono::seconds(1900000000)));
          if (!claims || claims->subject != subject) ++wrong;
          token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
          if (verifier.verify(token, UnixSeconds(std::chrono::seconds(1900000000)))) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace bailey::jwt
