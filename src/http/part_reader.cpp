#include <bailey/http/part_reader.hpp>

#include "http/part_source.hpp"

#include <utility>

namespace bailey::http {
namespace detail {
namespace {

constexpr std::size_t read_bytes = std::size_t{16} * 1024;  // little, as it is held for each client that is slow

MultipartParser parser_for(const Request& request, const FormLimits& limits) {
  auto parser = MultipartParser::of(request.header("Content-Type").value_or(""), limits);
  if (!parser) throw Error(parser.error());
  if (request.content_length().value_or(0) > limits.total_bytes)
    throw Error("payload_too_large", "The form is longer than " + std::to_string(limits.total_bytes) + " bytes", 413);
  return *std::move(parser);
}

}  // namespace

PartSource::PartSource(Request& request, const FormLimits& limits)
    : request_(&request), parser_(parser_for(request, limits)) {}

Task<> PartSource::receive() {
  if (request_ == nullptr) throw Error("misuse", "A form is read while its request lasts", 500);
  room_.resize(read_bytes);
  const std::size_t count = co_await request_->read_some(room_);
  pending_ = std::string_view(room_).substr(0, count);
  if (count != 0) co_return;
  if (const auto end = parser_.finish(); !end) failure_ = end.error();
}

// Goes on to the next event that is not `more`.
Task<MultipartParser::Step> PartSource::advance() {
  for (;;) {
    if (pending_.empty() && !failure_) co_await receive();
    if (failure_) throw Error(*failure_);
    const MultipartParser::Step step = parser_.next(pending_);
    pending_.remove_prefix(step.consumed);
    if (step.event == MultipartParser::Event::refused)
      failure_ = parser_.error();
    else if (step.event != MultipartParser::Event::more)
      co_return step;
  }
}

Task<std::string_view> PartSource::read() {
  if (!in_part_) co_return std::string_view();
  const MultipartParser::Step step = co_await advance();
  in_part_ = step.event == MultipartParser::Event::data;
  co_return step.data;
}

Task<bool> PartSource::next() {
  while (in_part_) static_cast<void>(co_await read());
  if (ended_) co_return false;
  const MultipartParser::Step step = co_await advance();
  ended_ = step.event == MultipartParser::Event::done;
  in_part_ = !ended_;
  ++number_;
  co_return in_part_;
}

}  // namespace detail

namespace {

Task<std::string> read_part(std::shared_ptr<detail::PartSource> source, std::uint64_t number) {
  if (source->number() != number) throw Error("misuse", "a part of a form is read after the reader has gone on");
  const std::string_view bytes = co_await source->read();
  co_return std::string(bytes);
}

}  // namespace

Part::Part(PartHead head, std::shared_ptr<detail::PartSource> source)
    : PartHead(std::move(head)), source_(std::move(source)), number_(source_->number()) {}

Task<std::string> Part::read() { return read_part(source_, number_); }

Task<std::string> Part::read_all(std::size_t limit_bytes) {
  return [](std::shared_ptr<detail::PartSource> source, std::uint64_t number, std::size_t limit) -> Task<std::string> {
    std::string all;
    for (;;) {
      const std::string bytes = co_await read_part(source, number);
      if (bytes.empty()) co_return all;
      if (bytes.size() > limit - all.size())
        throw Error("payload_too_large", "A part of the form is longer than " + std::to_string(limit) + " bytes", 413);
      all += bytes;
    }
  }(source_, number_, limit_bytes);
}

PartReader::PartReader(Request& request, const FormLimits& limits)
    : source_(std::make_shared<detail::PartSource>(request, limits)) {}
PartReader::~PartReader() = default;
PartReader::PartReader(PartReader&&) noexcept = default;
PartReader& PartReader::operator=(PartReader&&) noexcept = default;

void PartReader::end() noexcept {
  if (source_) source_->end();
}

Task<std::optional<Part>> PartReader::next() {
  return [](std::shared_ptr<detail::PartSource> source) -> Task<std::optional<Part>> {
    const bool has_part = co_await source->next();
    if (!has_part) co_return std::nullopt;
    co_return Part(source->take_head(), source);
  }(source_);
}

}  // namespace bailey::http
