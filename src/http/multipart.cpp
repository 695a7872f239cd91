// A delimiter is CRLF, two hyphens and the boundary. CR begins it and is nowhere else in it, so what turns out to be
// none begins no other before its last byte: it is looked for without going back, and a beginning of it that stands at
// the end of a piece is remembered as a count, not as bytes. The CRLF may be missing before the first boundary, and a
// part without a body may do without it too, since the empty line that ends its head has one; there the count begins
// at two. Before the first boundary a bare line feed will do as well: a part that stands behind one must not be lost as
// preamble, without a word.
//
// Deliberately not here: transfer encodings (RFC 7578 4.7 gives them up) and multipart/mixed within a part, which is
// the part's content.
#include <bailey/http/multipart.hpp>

#include "http/header_parameters.hpp"
#include "http/part_head.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::http {
namespace {

constexpr std::size_t boundary_limit = 70;  // RFC 2046 5.1.1
constexpr std::size_t line_break = 2;       // of the delimiter

// Printable, and blanks but at the end: more than RFC 2046 allows and less than could be mistaken for a line.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= boundary_limit && !text.ends_with(' ') &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Expected<MultipartParser> MultipartParser::of(std::string_view content_type, const FormLimits& limits) {
  const auto parameters = parse_header_parameters(content_type);
  const std::string_view type = ascii::trim(content_type.substr(0, content_type.find(';')));
  if (!ascii::equal_ignoring_case(type, "multipart/form-data"))
    return std::unexpected(Error("unsupported_media_type", "The body must be multipart/form-data", 415));
  const std::string* const boundary = parameters ? parameters->find("boundary") : nullptr;
  if (boundary == nullptr || !is_boundary(*boundary))
    return std::unexpected(Error("malformed_form", "The Content-Type has no valid boundary", 400));
  return MultipartParser(*boundary, limits);
}

MultipartParser::MultipartParser(std::string_view boundary, const FormLimits& limits)
    : limits_(limits), delimiter_(std::string("\r\n--").append(boundary)) {}

void MultipartParser::refuse_malformed(std::string_view sentence) {
  state_ = State::refused;
  error_.emplace("malformed_form", std::string(sentence), 400);
}

void MultipartParser::refuse_too_large(std::string sentence) {
  state_ = State::refused;
  error_.emplace("payload_too_large", std::move(sentence), 413);
}

MultipartParser::Step MultipartParser::next(std::string_view input) {
  if (state_ == State::done) return {Event::done, input.size(), {}};
  const std::uint64_t room = limits_.total_bytes - total_bytes_;
  if (state_ != State::refused && room == 0 && !input.empty())
    refuse_too_large("The form is longer than " + std::to_string(limits_.total_bytes) + " bytes");
  Step step;
  if (state_ != State::refused)
    step = advance(input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, input.size()))));
  if (state_ == State::refused) return {Event::refused, step.consumed, {}};
  total_bytes_ += step.consumed;
  return step;
}

MultipartParser::Step MultipartParser::advance(std::string_view input) {
  Step step;
  while (step.consumed < input.size() && state_ != State::refused) {
    switch (state_) {
      case State::preamble:
      case State::body: {
        const bool in_part = state_ == State::body;
        step.data = {};
        if (find_delimiter(input, step)) {
          state_ = State::boundary;
          if (!in_part) break;
          step.event = Event::part_end;
          return step;
        }
        if (!in_part || step.data.empty()) break;
        count_data(step.data.size());
        step.event = Event::data;
        return step;
      }
      case State::boundary:
      case State::padding:
      case State::line_feed:
      case State::dash:
        take_boundary_line(input[step.consumed++]);
        if (state_ != State::done) break;
        step.event = Event::done;
        return step;
      case State::head:
        if (!take_head_line(input, step.consumed)) break;
        begin_part();
        step.event = Event::part;
        return step;
      case State::done:
      case State::refused: return step;
    }
  }
  step.data = {};
  return step;
}

// Goes on over `input` from `step.consumed`: to the end of the delimiter, which is told, or else to the end of a run of
// data, or of what may yet become the delimiter.
bool MultipartParser::find_delimiter(std::string_view input, Step& step) {
  input.remove_prefix(step.consumed);
  if (matched_ == start_) {
    const std::string_view wanted = std::string_view(delimiter_).substr(start_);
    std::size_t at = input.find(wanted.front());
    while (at != std::string_view::npos && !wanted.starts_with(input.substr(at, wanted.size())))
      at = input.find(wanted.front(), at + 1);
    step.data = input.substr(0, at);
    step.consumed += step.data.size();
    input.remove_prefix(step.data.size());
    if (!step.data.empty()) return false;
  }
  const std::string_view wanted = std::string_view(delimiter_).substr(matched_);
  const auto same = static_cast<std::size_t>(std::ranges::mismatch(input, wanted).in1 - input.begin());
  matched_ += same;
  step.consumed += same;
  const bool is_complete = matched_ == delimiter_.size();
  if (is_complete)
    start_ = 0;
  else if (same == input.size())
    return false;  // it may yet be
  else
    step.data = std::string_view(delimiter_).substr(implied_, matched_ - implied_);  // it was data after all
  matched_ = implied_ = start_;
  return is_complete;
}

// What follows a delimiter on its line: two hyphens after the last one, else blanks at most.
void MultipartParser::take_boundary_line(char c) {
  if (state_ == State::boundary && c == '-')
    state_ = State::dash;
  else if (state_ == State::dash && c == '-')
    state_ = State::done;
  else if ((state_ == State::boundary || state_ == State::padding) && (c == ' ' || c == '\t'))
    state_ = State::padding;
  else if ((state_ == State::boundary || state_ == State::padding) && c == '\r')
    state_ = State::line_feed;
  else if (state_ == State::line_feed && c == '\n')
    state_ = State::head;
  else
    refuse_malformed("The form has a malformed boundary");
}

// Goes on to the end of a header line, or of the input. Whether the head is complete.
bool MultipartParser::take_head_line(std::string_view input, std::size_t& at) {
  const std::size_t end = input.find('\n', at);
  const std::string_view piece = input.substr(at, end == std::string_view::npos ? end : end + 1 - at);
  const std::size_t room = limits_.part_header_bytes - head_text_.size();
  head_text_.append(piece.substr(0, room));
  at += std::min(piece.size(), room);
  if (piece.size() > room) {
    refuse_too_large("The headers of a part are longer than " + std::to_string(limits_.part_header_bytes) + " bytes");
    return false;
  }
  if (end == std::string_view::npos) return false;
  const std::string_view text = head_text_;
  if (!text.ends_with("\r\n")) refuse_malformed("A part of the form has a malformed header");
  return text == "\r\n" || text.ends_with("\r\n\r\n");
}

void MultipartParser::begin_part() {
  auto head = parse_part_head(std::string_view(head_text_).substr(0, head_text_.size() - line_break));
  head_text_.clear();
  if (!head) return refuse_malformed(head.error());
  head_ = *std::move(head);
  if (head_.is_file() && ++files_ > limits_.files)
    return refuse_too_large("The form has more than " + std::to_string(limits_.files) + " files");
  if (!head_.is_file() && ++fields_ > limits_.fields)
    return refuse_too_large("The form has more than " + std::to_string(limits_.fields) + " fields");
  part_bytes_ = 0;
  matched_ = implied_ = line_break;
  state_ = State::body;
}

void MultipartParser::count_data(std::size_t bytes) {
  part_bytes_ += bytes;
  const std::uint64_t limit = head_.is_file() ? limits_.file_bytes : limits_.field_bytes;
  if (part_bytes_ > limit)
    refuse_too_large((head_.is_file() ? "A file of the form is longer than " : "A field of the form is longer than ") +
                     std::to_string(limit) + " bytes");
}

Expected<void> MultipartParser::finish() {
  if (state_ != State::done && state_ != State::refused) refuse_malformed("The form ended before its last boundary");
  if (state_ == State::refused) return std::unexpected(*error_);
  return {};
}

}  // namespace bailey::http
