#include "http/chunked_decoder.hpp"

#include "http/characters.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::http {

namespace {

constexpr std::uint64_t chunk_limit = std::uint64_t{1} << 56;  // sixteen times it still fits

bool is_control(char c) noexcept { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

void ChunkedDecoder::refuse(int status, std::string_view detail) noexcept {
  state_ = State::refused;
  refusal_ = {status, detail};
}

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view input) noexcept {
  std::size_t position = 0;
  while (position < input.size() && state_ != State::data && state_ != State::done && state_ != State::refused)
    take(input[position++]);
  if (state_ == State::refused) return {Status::refused, position, {}};
  if (state_ == State::done) return {Status::done, position, {}};
  if (state_ != State::data) return {Status::more, position, {}};
  const auto run = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - position));
  left_ -= run;
  if (left_ == 0) state_ = State::data_return;
  return {Status::more, position + run, input.substr(position, run)};
}

void ChunkedDecoder::take(char c) noexcept {
  switch (state_) {
    case State::size_start:
    case State::size: {
      const int digit = ascii::hex_value(c);
      if (digit >= 0) {
        if (left_ >= chunk_limit) return refuse(400, "Chunk too large");
        if (++digits_ > digit_limit) return refuse(400, "Malformed chunk size");  // zeros without end
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        state_ = State::size;
        return;
      }
      if (state_ == State::size && c == '\r')
        state_ = State::size_feed;
      else if (state_ == State::size && c == ';')
        state_ = State::extension;
      else
        refuse(400, "Malformed chunk size");
      return;
    }
    case State::extension:
      if (c == '\r' && quoted_) return refuse(400, "Malformed chunk extension");  // who parses it may read on
      if (c == '"') quoted_ = !quoted_;
      if (c == '\r') {
        state_ = State::size_feed;
      } else if (is_control(c)) {
        refuse(400, "Malformed chunk extension");
      } else if (++extension_bytes_ > extension_limit_bytes) {
        refuse(400, "Chunk extensions too large");
      }
      return;
    case State::size_feed:
      if (c != '\n') return refuse(400, "Malformed chunk size");
      digits_ = 0;
      state_ = left_ == 0 ? State::trailer_start : State::data;
      return;
    case State::data_return:
      if (c != '\r') return refuse(400, "Malformed chunk end");
      state_ = State::data_feed;
      return;
    case State::data_feed:
      if (c != '\n') return refuse(400, "Malformed chunk end");
      state_ = State::size_start;
      return;
    case State::trailer_start:
      if (c == '\r')
        state_ = State::end_feed;
      else if (is(c, token_character))
        state_ = State::trailer_name;
      else
        refuse(400, "Malformed trailer");
      break;
    case State::trailer_name:
      if (c == ':')
        state_ = State::trailer_value;
      else if (!is(c, token_character))
        refuse(400, "Malformed trailer");
      break;
    case State::trailer_value:
      if (c == '\r')
        state_ = State::trailer_feed;
      else if (is_control(c))
        refuse(400, "Malformed trailer");
      break;
    case State::trailer_feed:
      if (c != '\n') return refuse(400, "Malformed trailer");
      state_ = State::trailer_start;
      break;
    case State::end_feed:
      if (c != '\n') return refuse(400, "Malformed trailer");
      state_ = State::done;
      return;
    case State::data:
    case State::done:
    case State::refused: return;
  }
  if (state_ != State::refused && ++trailer_bytes_ > trailer_limit_bytes) refuse(431, "Trailers too large");
}

}  // namespace bailey::http
