// Our codec against Boost.Beast's parser on the same bytes. Where they disagree the disagreement has a name and a
// reason here; one that has none fails the test. The inputs are single mutations of well-formed requests, by a fixed
// seed.
#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"

#include <bailey/http/headers.hpp>

#include <boost/beast/http.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace bailey::http {
namespace {

namespace beast = boost::beast;

struct Reading {
  bool refused = false;
  bool complete = false;
  int status = 0;
  std::string detail, method, target, body;
  std::size_t field_count = 0, size = 0;
};

Reading read_ours(const std::string& wire) {
  Reading reading;
  HeadParser parser;
  RequestHead head;
  const auto status = parser.parse(wire, head);
  const auto refuse = [&](const Refusal& refusal) {
    reading.refused = true;
    reading.status = refusal.status;
    reading.detail = refusal.detail;
  };
  if (status == HeadParser::Status::refused) refuse(parser.refusal());
  if (status != HeadParser::Status::complete) return reading;
  reading.method = head.method_text;
  reading.target = head.target;
  reading.field_count = head.fields.size();
  std::string_view rest = std::string_view(wire).substr(parser.size());
  if (!head.chunked) {
    reading.complete = rest.size() >= head.content_length;
    reading.body = rest.substr(0, head.content_length);
    reading.size = parser.size() + reading.body.size();
    return reading;
  }
  ChunkedDecoder decoder;
  while (!rest.empty() && !decoder.is_done() && !reading.refused) {
    const auto step = decoder.next(rest);
    rest.remove_prefix(step.consumed);
    reading.body.append(step.data);
    if (step.status == ChunkedDecoder::Status::refused) refuse(decoder.refusal());
  }
  reading.complete = decoder.is_done();
  reading.size = wire.size() - rest.size();
  return reading;
}

Reading read_beast(const std::string& wire) {
  Reading reading;
  beast::http::request_parser<beast::http::string_body> parser;
  parser.eager(true);
  parser.header_limit(64 * 1024);
  beast::error_code error;
  reading.size = parser.put(boost::asio::buffer(wire), error);
  if (error && error != beast::http::error::need_more) {
    reading.refused = true;
    reading.detail = error.message();
    return reading;
  }
  reading.complete = parser.is_done();
  const auto& message = parser.get();
  reading.method = std::string(message.method_string());
  reading.target = std::string(message.target());
  reading.body = message.body();
  for (const auto& field : message) {
    static_cast<void>(field);
    ++reading.field_count;
  }
  return reading;
}

// Why the two may differ on this input; "" when there is no known reason.
std::string reason(const std::string& wire, const Reading& ours, const Reading& theirs) {
  if (ours.refused && !theirs.refused) {
    static const std::map<std::string, std::string> stricter{
        {"Host is missing", "RFC 9112 3.2 demands it; Beast leaves it to the user"},
        {"More than one Host", "RFC 9112 3.2 demands 400; Beast leaves it to the user"},
        {"Malformed Host", "RFC 9112 3.2 demands 400; Beast leaves it to the user"},
        {"Host does not match the request target", "we are no proxy; Beast does not look"},
        {"Malformed request target", "Beast takes any text without spaces as target"},
        {"Forbidden character in the request target", "RFC 3986; Beast takes any visible byte"},
        {"Malformed escape in the request target", "RFC 3986; Beast does not decode"},
        {"CONNECT is not supported", "we are no proxy"},
        {"Transfer coding not supported", "Beast treats codings that do not end in chunked as no body: smuggling"},
        {"More than one Transfer-Encoding", "Beast joins them"},
        {"Transfer-Encoding in HTTP/1.0", "RFC 9112 6.1; Beast accepts it"},
        {"More than one Content-Length", "equal ones may be accepted; we do not"},
        {"Malformed Content-Length", "lists of equal lengths, and lengths above 10^18"},
        {"Expectation not supported", "Beast leaves it to the user"},
        {"Header fields too large", "other limits"},
        {"Request line too long", "other limits"},
        {"Too many header fields", "Beast has no such limit"},
        {"Malformed header field",
         "obs-fold: Beast unfolds it; or Beast has not looked at a line it waits to complete"},
        {"Malformed request line", "refused as soon as the line is whole; Beast waits for more"},
        {"HTTP version not supported", "refused as soon as the line is whole; Beast waits for more"},
        {"Line feed without carriage return", "refused when seen; Beast may wait for the end of the head"},
        {"Control character in a header field", "refused when seen; Beast may wait for the end of the head"},
        {"Malformed chunk size", "refused when seen; Beast waits for CRLF, and allows spaces"},
        {"Malformed chunk extension", "refused when seen; Beast waits for CRLF"},
        {"Malformed chunk end", "refused when seen; Beast waits for both bytes"},
        {"Malformed trailer", "refused when seen; Beast waits for the end of the trailers"},
        {"Content-Length together with Transfer-Encoding", "Beast may be waiting"},
    };
    const auto found = stricter.find(ours.detail);
    return found == stricter.end() ? "" : found->second;
  }
  if (!ours.refused && theirs.refused) {
    if (wire.starts_with("\r\n")) return "RFC 9112 2.2 has us ignore one empty line before a request; Beast refuses it";
    if (theirs.detail == "bad value")
      return "Beast demands a well-formed list in Connection; we look for two options in it";
    if (!ours.complete) return "Beast refuses a byte of an unfinished line; we look at whole lines";
    if (theirs.detail.find("chunk extension") != std::string::npos) return "extensions are ignored by us, not parsed";
    if (wire.find("\r\n0") != std::string::npos && theirs.detail.find("field") != std::string::npos)
      return "trailers are dropped by us; Beast refuses framing fields in them";
    if (theirs.detail.find("field") != std::string::npos && wire.find("0\r\n") != std::string::npos)
      return "trailers are dropped by us; Beast refuses framing fields in them";
    if (theirs.detail.find("Transfer-Encoding") != std::string::npos) return "the same, in trailers";
    if (theirs.detail.find("Content-Length") != std::string::npos) return "the same, in trailers";
    return "";
  }
  return "";
}

bool agree(const Reading& ours, const Reading& theirs) {
  if (ours.refused != theirs.refused) return false;
  if (ours.refused) return true;
  if (ours.complete != theirs.complete) return false;
  return !ours.complete || (ours.method == theirs.method && ours.target == theirs.target && ours.body == theirs.body &&
                            ours.size == theirs.size);
}

TEST(BeastDifference, has_a_reason_wherever_the_two_disagree) {
  const std::vector<std::string> seeds{
      "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      "PUT / HTTP/1.0\r\nHost: a:80\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
  };
  const std::vector<std::string> pieces{"\r\n",
                                        "\n",
                                        "\r",
                                        " ",
                                        "\t",
                                        std::string(1, '\0'),
                                        ":",
                                        ",",
                                        ";",
                                        "0",
                                        "1",
                                        "f",
                                        "-",
                                        "+",
                                        "%",
                                        "%41",
                                        "%zz",
                                        "\x7f",
                                        "\xff",
                                        "\"",
                                        "#",
                                        "?",
                                        "/",
                                        "Content-Length: 5\r\n",
                                        "Transfer-Encoding: chunked\r\n",
                                        "Host: b\r\n",
                                        "X: y\r\n",
                                        " folded\r\n",
                                        "chunked",
                                        "gzip, ",
                                        "HTTP/1.1",
                                        "0\r\n\r\n",
                                        "http://a",
                                        "Expect: x\r\n"};
  std::mt19937 random(20261123);
  std::map<std::string, int> reasons;
  int agreed = 0, compared = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string wire = seeds[random() % seeds.size()];
    for (unsigned edits = 1 + random() % 2; edits > 0; --edits) {
      const std::size_t at = random() % (wire.size() + 1);
      const std::string& piece = pieces[random() % pieces.size()];
      switch (random() % 3) {
        case 0: wire.insert(at, piece); break;
        case 1: wire.erase(at, 1 + random() % 3); break;
        default: wire.replace(at, 1, piece); break;
      }
    }
    ++compared;
    const Reading ours = read_ours(wire);
    const Reading theirs = read_beast(wire);
    if (agree(ours, theirs)) {
      ++agreed;
      continue;
    }
    const std::string why = reason(wire, ours, theirs);
    ASSERT_FALSE(why.empty()) << "unexplained: " << testing::PrintToString(wire) << "\nours: refused=" << ours.refused
                              << " " << ours.detail << " complete=" << ours.complete << " body=" << ours.body
                              << " size=" << ours.size << "\ntheirs: refused=" << theirs.refused << " " << theirs.detail
                              << " complete=" << theirs.complete << " body=" << theirs.body << " size=" << theirs.size;
    ++reasons[why];
  }
  RecordProperty("agreed", agreed);
  RecordProperty("reasons", static_cast<int>(reasons.size()));
  EXPECT_GT(agreed, compared / 3);
}

}  // namespace
}  // namespace bailey::http
