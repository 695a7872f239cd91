#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/jwt/verifier.hpp>

#include <string>
#include <string_view>

#include "stack/project/keys.hpp"

namespace bailey::stack::gateway {

// The gateway's door: which API keys it knows, and which Authorization header goes on behind it.
class ApiKeys {
 public:
  explicit ApiKeys(const ProjectKeys& keys);

  // One of the project's four keys, or a token for the role anon or service_role that one of its keys has signed.
  [[nodiscard]] bool accepts(std::string_view api_key, UnixSeconds now) const;

  // The header for the service behind: what was sent, unless that is nothing or an opaque key (sb_…). Then the token
  // the opaque API key stands for; or the API key as it is, which counts as no bearer, as does the lack of one.
  [[nodiscard]] std::string authorization(std::string_view api_key, std::string_view sent) const;

 private:
  Secret publishable_, secret_, anon_, service_role_;
  jwt::Verifier verifier_;
};

}  // namespace bailey::stack::gateway
