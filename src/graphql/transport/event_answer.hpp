// An operation answered as server-sent events, one connection each: the "distinct connections mode" of npm's
// graphql-sse. `next` for each result, then `complete`; of a subscription comments in between, which find out whether
// the client is there.
#pragma once

#include <bailey/web/endpoint.hpp>
#include <graphql/engine/engine.hpp>

#include <memory>
#include <string_view>

namespace bailey::graphql {

// The answer of one that has a single result, which is there: its text as JSON.
[[nodiscard]] Response event_answer(std::string_view result);

// The answer of a subscription, whose request's body has been read. Its head goes out at once, so that the client knows
// that it is connected. It ends without `complete` when the server drains and when what has been shown for the request
// expires, so that the client comes back. The options are its route's.
[[nodiscard]] Response event_stream(std::shared_ptr<Engine> engine, ReadyOperation subscription, Request& request,
                                    const web_detail::CallOptions& options);

}  // namespace bailey::graphql
