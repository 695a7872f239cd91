// Tokens and key sets of strangers. Nothing may crash; whatever reads as claims must be exactly what was said, and
// nothing a fuzzer makes up may verify.
#include <bailey/base/base64url.hpp>
#include <bailey/base/random.hpp>
#include <bailey/jwt/verifier.hpp>

#include <cstdlib>
#include <string>

using namespace bailey;

namespace {

const jwt::Verifier& verifier() {
  static const jwt::Verifier instance = [] {
    auto keys = std::make_shared<jwt::KeySet>();
    keys->add(jwt::Key::generate_es256("es"));
    keys->add(jwt::Key::generate_eddsa("ed"));
    keys->add(*jwt::Key::from_secret(Secret(random_token(32)), "hs"));
    return jwt::Verifier(keys);
  }();
  return instance;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const UnixSeconds now{std::chrono::seconds(1900000000)};
  require(!verifier().verify(input, now));

  // The input as the header and as the payload of a token of sound form.
  const std::string encoded = base64url_encode(input);
  if (!encoded.empty()) {
    require(!verifier().verify(encoded + "." + encoded + ".AAAA", now));
    if (const auto claims = jwt::read_unverified("e30." + encoded + ".AAAA")) require(claims->json == input);
  }
  if (const auto claims = jwt::parse_claims(input)) {
    require(claims->json == input);
    require(!claims->expires_at || claims->expires_at->time_since_epoch().count() >= 0);
  }
  if (const auto keys = jwt::KeySet::parse(input)) {
    const auto again = jwt::KeySet::parse(keys->to_json());
    require(again && again->size() == keys->size());
  }
  return 0;
}
