#pragma once

#include <bailey/http/client.hpp>

#include <optional>
#include <string_view>

namespace bailey::http::detail {

// Why a request cannot be sent, for its maker; nothing if it can. Never repeats a part of the request.
[[nodiscard]] std::optional<std::string_view> why_unsendable(const ClientRequest& request) noexcept;

// Takes a header line as it came ("Name: value", with or without its line end) into the response: the name in lower
// case, the value without the spaces around it. A status line begins the headers anew, as after a 100 Continue or a
// redirect.
void take_header_line(std::string_view line, ClientResponse& response);

}  // namespace bailey::http::detail
