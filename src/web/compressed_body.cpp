#include "web/compressed_body.hpp"

#include <bailey/base/error.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace bailey::web_detail {

Task<> CompressedBody::write(std::string_view part) {
  http::WriteLine::Turn turn;
  const bool is_first = line_.try_enter(turn);
  if (!is_first) co_await line_.enter(turn);
  if (line_.is_closed()) throw Error("peer_gone", "the client is gone", 503);
  line_.keep(turn);
  while (!part.empty()) {
    const std::string_view slice = part.substr(0, slice_bytes);
    part.remove_prefix(slice.size());
    made_.clear();
    compressor_.compress(slice, part.empty() ? Compressor::Then::flush : Compressor::Then::more, made_);
    co_await out_.write(made_);
    // The peer may take it at once; others are to have their turn all the same.
    if (!part.empty()) co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_task);
  }
}

Task<> CompressedBody::finish() {
  made_.clear();
  compressor_.compress({}, Compressor::Then::finish, made_);
  co_await out_.write(made_);
}

}  // namespace bailey::web_detail
