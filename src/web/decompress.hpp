#pragma once

#include <bailey/http/content_coding.hpp>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <string_view>

// What a client makes of a compressed body: for tests, with the libraries' own decoders.
namespace bailey::web_testing {

struct Decompressed {
  std::string text;
  bool is_complete = false;  // the body has ended, just at the end of what there was
  bool is_valid = true;
};

inline Decompressed decompress_gzip(std::string_view body) {
  Decompressed result;
  z_stream stream{};
  ::inflateInit2(&stream, 16 + MAX_WBITS);
  std::string copy(body);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  int status = Z_OK;
  do {
    std::string room(65'536, '\0');
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(room.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    result.text.append(room, 0, room.size() - stream.avail_out);
  } while (status == Z_OK && stream.avail_out == 0);
  result.is_valid = status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
  result.is_complete = status == Z_STREAM_END && stream.avail_in == 0;
  ::inflateEnd(&stream);
  return result;
}

inline Decompressed decompress_brotli(std::string_view body) {
  Decompressed result;
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      ::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), ::BrotliDecoderDestroyInstance);
  const auto* next = reinterpret_cast<const std::uint8_t*>(body.data());
  std::size_t left = body.size();
  BrotliDecoderResult status = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (status == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::size_t no_room = 0;
    status = ::BrotliDecoderDecompressStream(state.get(), &left, &next, &no_room, nullptr, nullptr);
    std::size_t made = 0;
    const std::uint8_t* const bytes = ::BrotliDecoderTakeOutput(state.get(), &made);
    result.text.append(reinterpret_cast<const char*>(bytes), made);
  }
  result.is_valid = status != BROTLI_DECODER_RESULT_ERROR;
  result.is_complete = status == BROTLI_DECODER_RESULT_SUCCESS && left == 0;
  return result;
}

inline Decompressed decompress_zstd(std::string_view body) {
  Decompressed result;
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(::ZSTD_createDCtx(), ::ZSTD_freeDCtx);
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::size_t hint = 1;
  for (;;) {
    std::string room(65'536, '\0');
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    hint = ::ZSTD_decompressStream(context.get(), &out, &in);
    result.text.append(room, 0, out.pos);
    if (::ZSTD_isError(hint) || (in.pos == in.size && out.pos < out.size) || hint == 0) break;
  }
  result.is_valid = !::ZSTD_isError(hint);
  result.is_complete = hint == 0 && in.pos == in.size;
  return result;
}

inline Decompressed decompress(http::ContentCoding coding, std::string_view body) {
  switch (coding) {
    case http::ContentCoding::brotli: return decompress_brotli(body);
    case http::ContentCoding::zstd: return decompress_zstd(body);
    case http::ContentCoding::gzip: break;
  }
  return decompress_gzip(body);
}

}  // namespace bailey::web_testing
