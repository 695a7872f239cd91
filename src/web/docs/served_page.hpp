#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/request.hpp>
#include "web/docs/assets.hpp"
#include "web/docs/attempts.hpp"
#include "web/docs/page_builder.hpp"

#include <span>
#include <string>
#include <string_view>

namespace bailey::web_detail {

[[nodiscard]] Response page_response(const DocsPage& page);

// A file that a page loads, which never changes: its path has its version. Who asks is a stranger; what is none of
// these is HttpError 404. `cache_control` says for whom it may be kept.
[[nodiscard]] Response asset_response(std::span<const DocsAsset> assets, std::string_view version,
                                      std::string_view name, const Request& request, std::string_view cache_control);

// Signs somebody in for a page: the token, or in words why not, as an OAuth2 client reads it (RFC 6749 sections 5.1 and
// 5.2). Whoever guesses is slowed down. What it refers to outlives it.
[[nodiscard]] Task<Response> sign_in(Attempts& attempts, const decltype(Guard::sign_in)& with, std::string address,
                                     std::string email, Secret password);

}  // namespace bailey::web_detail
