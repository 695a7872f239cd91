#pragma once

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace bailey::jwt::detail {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using EvpKey = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<&EVP_PKEY_CTX_free>>;
using EvpDigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<&EVP_MD_CTX_free>>;
using EvpMac = std::unique_ptr<EVP_MAC, FreeWith<&EVP_MAC_free>>;
using EvpMacContext = std::unique_ptr<EVP_MAC_CTX, FreeWith<&EVP_MAC_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeWith<&BN_clear_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, FreeWith<&OSSL_PARAM_free>>;

// What OpenSSL notes about failures while one of these lives is dropped: refusing a token is no failure of ours, and
// the thread's error queue must not be found full by the next who looks.
class ErrorScope {
 public:
  ErrorScope() noexcept { ERR_set_mark(); }
  ~ErrorScope() { ERR_pop_to_mark(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
};

}  // namespace bailey::jwt::detail
