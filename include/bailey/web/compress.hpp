#pragma once

#include <bailey/http/content_coding.hpp>
#include <bailey/web/middleware.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bailey {

using http::ContentCoding;

struct CompressOptions {
  // What is offered; of those that a client would as soon have the first.
  std::vector<ContentCoding> codings = {ContentCoding::zstd, ContentCoding::brotli, ContentCoding::gzip};
  std::size_t minimum_size_bytes = 500;  // of a body whose length is known: below that nothing is saved
  // Media types, "text/*" for all of a kind. Empty: text in any form (text, JSON, XML, JavaScript, SVG, WebAssembly,
  // fonts that are not compressed themselves).
  std::vector<std::string> types = {};
  // Beyond these levels a body costs more time, and each that is sent slowly more memory, than it saves: what is worth
  // that is compressed beforehand (StaticFilesOptions::precompressed).
  int gzip_level = 6;      // 1 to 9
  int brotli_quality = 4;  // 0 to 9
  int zstd_level = 6;      // 1 to 12
  // Bodies that are compressed while they are sent, at one time, on all loops. Each keeps up to 2 MB as long as its
  // reader takes. One more is sent as it is.
  std::size_t stream_limit = 128;
};

// Compresses the bodies of responses, in the coding that the request's Accept-Encoding gives the most weight. Bodies of
// up to 16 KiB are compressed at once, longer ones while they are sent, a slice at a time, so that no other request
// waits for more than a slice; a stream part by part, each flushed, so that it arrives when it is written.
//
// Left as they are: what is encoded already, parts of a file (206), event streams, bodies that would not get smaller,
// responses that say `Cache-Control: no-transform`, and all to whom nothing else is acceptable. Where a response could
// have been compressed Vary says so. One that was has a weak entity tag, as its bytes are not those that the handler's
// tag stands for, and no Accept-Ranges. To HEAD is said what GET would be told, without the length.
//
// A body that holds a secret together with what a stranger has put into it tells the secret by its length (BREACH):
// say no-transform there. docs/compression.md.
//
// Use it outside of what sets headers by the body, and inside of cors. Throws Error "invalid_compression" for levels
// out of range and no codings.
[[nodiscard]] Middleware compress(CompressOptions options = {});

}  // namespace bailey
