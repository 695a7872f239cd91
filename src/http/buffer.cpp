#include <bailey/http/buffer.hpp>

#include <utility>
#include <vector>

namespace bailey::http {

namespace {

constexpr std::size_t stock_limit = 64;
constexpr std::size_t smallest = 16;  // what needs less lives in the string itself
constexpr std::size_t largest = 64 * 1024;

struct Stock {
  Stock() { buffers.reserve(stock_limit); }
  std::vector<std::string> buffers;
};

Stock& stock() {
  thread_local Stock of_thread;
  return of_thread;
}

}  // namespace

std::string take_buffer() noexcept {
  std::vector<std::string>& buffers = stock().buffers;
  if (buffers.empty()) return {};
  std::string buffer = std::move(buffers.back());
  buffers.pop_back();
  return buffer;
}

void recycle(std::string&& buffer) noexcept {
  if (buffer.capacity() < smallest) return buffer.clear();  // as nearly all are: answers that have been moved from
  std::string gone = std::move(buffer);
  if (gone.capacity() > largest) return;
  std::vector<std::string>& buffers = stock().buffers;
  if (buffers.size() == stock_limit) return;
  buffers.push_back(std::move(gone));
  buffers.back().clear();
}

}  // namespace bailey::http
