// An operation answered as server-sent events, one connection each: the "distinct connections mode" of npm's
// graphql-sse. `next` for each result, then `complete`; comments in between, which find out whether the client is
// there.
#pragma once

#include <bailey/web/endpoint.hpp>
#include <graphql/engine/engine.hpp>

#include <expected>
#include <memory>

namespace bailey::graphql {

// The answer of a request whose body has been read. A subscription ends without `complete` when the server drains and
// when what has been shown for the request expires, so that the client comes back. The options are its route's.
[[nodiscard]] Response event_answer(std::shared_ptr<Engine> engine,
                                    std::expected<ReadyOperation, OperationFailure> prepared, Request& request,
                                    const web_detail::CallOptions& options);

}  // namespace bailey::graphql
