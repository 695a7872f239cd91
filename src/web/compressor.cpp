#include "web/compressor.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <new>

namespace bailey::web_detail {

namespace {

// Small, as a slow reader makes us keep what they size. Bodies become some 6 to 9 % larger than with the libraries' own
// choice (5 MB of C headers), and take a half (brotli) to a sixth (zstd) of the memory.
constexpr int window_bits = 16;
constexpr int table_bits = 15;

// Lets `produce(at, room)` write behind what `out` holds; it returns how much it has written.
template <class F>
void append(std::string& out, F&& produce) {
  constexpr std::size_t room = std::size_t{16} * 1024;
  const std::size_t before = out.size();
  out.resize_and_overwrite(before + room,
                           [&](char* data, std::size_t) noexcept { return before + produce(data + before, room); });
}

class Gzip final : public Compressor {
 public:
  explicit Gzip(int level) {
    constexpr int gzip_framing = 16;
    constexpr int usual_memory = 8;
    if (::deflateInit2(&stream_, level, Z_DEFLATED, gzip_framing + MAX_WBITS, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Gzip() override { ::deflateEnd(&stream_); }

  void begin(std::optional<std::uint64_t>) override { ::deflateReset(&stream_); }

  void compress(std::string_view input, Then then, std::string& out) override {
    const int flush = then == Then::finish ? Z_FINISH : then == Then::flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    // zlib does not write to it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));  // NOLINT
    stream_.avail_in = static_cast<uInt>(input.size());
    do {
      append(out, [&](char* at, std::size_t room) {
        stream_.next_out = reinterpret_cast<Bytef*>(at);
        stream_.avail_out = static_cast<uInt>(room);
        ::deflate(&stream_, flush);
        return room - stream_.avail_out;
      });
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
};

class Brotli final : public Compressor {
 public:
  explicit Brotli(int quality) : quality_(static_cast<std::uint32_t>(quality)) {}

  void begin(std::optional<std::uint64_t> length) override {
    state_.reset(::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state_) throw std::bad_alloc();
    ::BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, quality_);
    ::BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_LGWIN, window_bits);
    ::BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_LGBLOCK, window_bits);
    if (length) ::BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_SIZE_HINT, static_cast<std::uint32_t>(*length));
  }

  void compress(std::string_view input, Then then, std::string& out) override {
    const BrotliEncoderOperation operation = then == Then::finish  ? BROTLI_OPERATION_FINISH
                                             : then == Then::flush ? BROTLI_OPERATION_FLUSH
                                                                   : BROTLI_OPERATION_PROCESS;
    const auto* next = reinterpret_cast<const std::uint8_t*>(input.data());
    std::size_t left = input.size();
    do {
      std::size_t no_room = 0;
      if (!::BrotliEncoderCompressStream(state_.get(), operation, &left, &next, &no_room, nullptr, nullptr))
        throw std::bad_alloc();
      std::size_t made = 0;
      const std::uint8_t* const bytes = ::BrotliEncoderTakeOutput(state_.get(), &made);
      out.append(reinterpret_cast<const char*>(bytes), made);
    } while (left > 0 || ::BrotliEncoderHasMoreOutput(state_.get()));
    if (then == Then::finish) state_.reset();  // it cannot be used again, and is large
  }

 private:
  struct Destroy {
    void operator()(BrotliEncoderState* state) const noexcept { ::BrotliEncoderDestroyInstance(state); }
  };
  std::uint32_t quality_;
  std::unique_ptr<BrotliEncoderState, Destroy> state_;
};

class Zstd final : public Compressor {
 public:
  explicit Zstd(int level) : context_(::ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
    ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, window_bits);
    ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_hashLog, table_bits);
    ::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_chainLog, table_bits);
  }

  void begin(std::optional<std::uint64_t> length) override {
    ::ZSTD_CCtx_reset(context_.get(), ZSTD_reset_session_only);
    if (length) ::ZSTD_CCtx_setPledgedSrcSize(context_.get(), *length);
  }

  void compress(std::string_view input, Then then, std::string& out) override {
    const ZSTD_EndDirective directive = then == Then::finish  ? ZSTD_e_end
                                        : then == Then::flush ? ZSTD_e_flush
                                                              : ZSTD_e_continue;
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    std::size_t left = 0;
    do {
      append(out, [&](char* at, std::size_t room) {
        ZSTD_outBuffer made{at, room, 0};
        left = ::ZSTD_compressStream2(context_.get(), &made, &in, directive);
        return made.pos;
      });
      if (::ZSTD_isError(left)) throw std::bad_alloc();
    } while (then == Then::more ? in.pos < in.size : left > 0);
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const noexcept { ::ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context_;
};

}  // namespace

std::unique_ptr<Compressor> make_compressor(http::ContentCoding coding, int level) {
  switch (coding) {
    case http::ContentCoding::brotli: return std::make_unique<Brotli>(level);
    case http::ContentCoding::zstd: return std::make_unique<Zstd>(level);
    case http::ContentCoding::gzip: break;
  }
  return std::make_unique<Gzip>(level);
}

}  // namespace bailey::web_detail
