#include "http/file_body.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace bailey::http {

namespace {

constexpr std::size_t part_bytes = std::size_t{64} * 1024;

}  // namespace

std::string content_range(ByteRange range, std::uint64_t size) {
  return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.length - 1) + "/" +
         std::to_string(size);
}

FileBody::FileBody(File file, ByteRange range) : file_(std::move(file)) { parts_.push_back({{}, range}); }

FileBody::FileBody(File file, const std::vector<ByteRange>& ranges, std::string_view content_type,
                   std::string_view boundary)
    : file_(std::move(file)) {
  std::string delimiter("--");
  delimiter.append(boundary);
  for (const ByteRange& range : ranges) {
    std::string before = parts_.empty() ? delimiter : "\r\n" + delimiter;
    before.append("\r\nContent-Type: ").append(content_type);
    before.append("\r\nContent-Range: ").append(content_range(range, file_.size())).append("\r\n\r\n");
    parts_.push_back({std::move(before), range});
  }
  behind_ = "\r\n" + delimiter + "--\r\n";
}

std::uint64_t FileBody::length() const noexcept {
  std::uint64_t length = behind_.size();
  for (const Part& part : parts_) length += part.before.size() + part.range.length;
  return length;
}

bool FileBody::read_now(std::size_t limit_bytes, std::string& into) const {
  if (length() > limit_bytes) return false;
  into.clear();
  for (const Part& part : parts_) {
    into.append(part.before);
    const std::size_t begin = into.size();
    into.resize(begin + static_cast<std::size_t>(part.range.length));
    const std::span<char> room(into.data() + begin, into.size() - begin);
    if (file_.read_some(part.range.first, room, Waiting::refused) != room.size()) return false;
  }
  into.append(behind_);
  return true;
}

Task<> FileBody::send(BodyWriter& out) {
  FileReader reader(std::move(file_), part_bytes);
  for (const Part& part : parts_) {
    co_await out.write(part.before);
    co_await send(out, reader, part.range);
  }
  co_await out.write(behind_);
}

Task<> FileBody::send(BodyWriter& out, FileReader& reader, ByteRange range) {
  while (range.length > 0) {
    const std::string_view part = co_await reader.read(range.first, range.length);
    if (part.empty()) throw Error("file_unreadable", "The file has become shorter while it was sent");
    range.first += part.size();
    range.length -= part.size();
    co_await out.write(part);
    // Neither may have waited: the file is in memory, and the peer takes it as fast as it comes. Others are to have
    // their turn all the same.
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_task);
  }
}

}  // namespace bailey::http
