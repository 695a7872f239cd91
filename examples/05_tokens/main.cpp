// Tokens without the web part: keys, signing, verifying.
#include <bailey/base/clock.hpp>
#include <bailey/base/failed.hpp>
#include <bailey/jwt/verifier.hpp>

#include <iostream>

using namespace bailey;

int main() try {
  // [sign]
  const jwt::Key key = jwt::Key::generate_es256("2026-11");
  const std::string token = key.sign(R"({"sub":"ada","role":"authenticated","exp":1893456000})").value();
  // [/sign]

  // [publish]
  jwt::KeySet own;
  own.add(key);
  const std::string published = own.to_json();  // public halves only: what a jwks.json serves
  // [/publish]

  // [verify]
  Expected<jwt::KeySet> keys = jwt::KeySet::parse(published);
  if (!keys) throw keys.error();
  const jwt::Verifier verifier(std::make_shared<const jwt::KeySet>(*std::move(keys)),
                               {.leeway = std::chrono::seconds(5)});
  const UnixSeconds now{std::chrono::seconds(1'800'000'000)};  // system_clock().now() in a program
  const auto claims = verifier.verify(token, now);
  // [/verify]
  if (!claims) {
    std::cout << "refused: " << to_string(claims.error()) << '\n';
    return 1;
  }
  std::cout << claims->subject << " is " << claims->role << '\n';

  // [refuse]
  const std::string changed = token.substr(0, token.size() - 4) + (token.ends_with("AAAA") ? "BBBB" : "AAAA");
  const auto refused = verifier.verify(changed, now);
  std::cout << to_string(refused.error()) << '\n';  // "signature": for the log; a client is told no more than "invalid"
  // [/refuse]
  return refused ? 1 : 0;
} catch (const std::exception& error) {
  return failed(error);
}
