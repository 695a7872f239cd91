#include "http/body_reader.hpp"

#include <bailey/base/error.hpp>

#include <algorithm>

namespace bailey::http {

void BodyReader::begin(const RequestHead& head, Workspace& workspace) noexcept {
  workspace_ = &workspace;
  start_ = workspace.position;
  chunked_ = head.chunked;
  malformed_ = false;
  left_ = head.content_length;
  run_ = {};
  if (chunked_) decoder_.reset();
}

std::string_view BodyReader::take(std::size_t limit) {
  if (!chunked_) {
    const std::string_view run = workspace_->pending().substr(0, std::min<std::uint64_t>(left_, limit));
    workspace_->position += run.size();
    left_ -= run.size();
    return run;
  }
  if (malformed_) throw Error("bad_request", std::string(decoder_.refusal().detail), decoder_.refusal().status);
  while (run_.empty() && !decoder_.is_done() && !workspace_->pending().empty()) {
    const ChunkedDecoder::Step step = decoder_.next(workspace_->pending());
    workspace_->position += step.consumed;
    run_ = step.data;
    if (step.status != ChunkedDecoder::Status::refused) continue;
    malformed_ = true;
    return take(limit);
  }
  const std::string_view run = run_.substr(0, limit);
  run_.remove_prefix(run.size());
  return run;
}

}  // namespace bailey::http
