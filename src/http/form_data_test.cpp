// Forms as handlers meet them: from a request whose body is still arriving.
#include <bailey/http/form_data.hpp>
#include <bailey/http/part_reader.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/memory_use.hpp"
#include "http/pieces_request.hpp"
#include "http/scratch_directory.hpp"
#include "http/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace bailey::http {
namespace {

using namespace std::chrono_literals;
using namespace test;

const std::string multipart = "multipart/form-data; boundary=XyZ";
const std::string urlencoded = "application/x-www-form-urlencoded; charset=utf-8";

std::string part(std::string_view disposition, std::string_view value, std::string_view more = "") {
  return std::string("--XyZ\r\nContent-Disposition: form-data; ")
      .append(disposition)
      .append("\r\n")
      .append(more)
      .append("\r\n")
      .append(value)
      .append("\r\n");
}
const std::string end = "--XyZ--\r\n";

const std::string card =
    part("name=full_name", "Ada Lovelace") +
    part("name=photo; filename=\"C:\\ada.png\"", std::string(3'000, 'p'), "Content-Type: image/png\r\n") +
    part("name=tag", "a") + part("name=tag", "") + part("name=cv; filename=cv.pdf", std::string(30'000, 'c')) + end;

// `a=1;` for each field, `f<name|type|size>;` for each file.
Task<std::string> described(FormData form) {
  std::string all;
  for (const FormField& field : form.fields) all += field.name + "=" + field.value + ";";
  for (UploadFile& file : form.files) {
    const std::string bytes = co_await file.content.read_all(1'000'000);
    EXPECT_EQ(bytes.size(), file.size());
    EXPECT_EQ(bytes, std::string(file.size(), bytes.empty() ? 'x' : bytes.front()));
    all += file.name + "<" + file.filename + "|" + file.content_type + "|" + std::to_string(file.size()) + ">;";
  }
  co_return all;
}

const std::string card_described = "full_name=Ada Lovelace;tag=a;tag=;photo<ada.png|image/png|3000>;cv<cv.pdf||30000>;";

class Forms : public testing::Test {
 protected:
  // What reading it comes to, or its error.
  std::string outcome(PiecesRequest& from, const FormLimits& limits = {}) {
    try {
      return run_blocking([&]() -> Task<std::string> {
        FormData form = co_await read_form(from.request(), spool_, limits);
        co_return co_await described(std::move(form));
      });
    } catch (const Error& error) {
      return error.code() + " " + std::to_string(error.http_status());
    }
  }
  std::string outcome(std::string type, std::string body, const FormLimits& limits = {}) {
    PiecesRequest from(std::move(type), std::move(body), 1'000);
    return outcome(from, limits);
  }

  ScratchDirectory directory_;
  BlockingPool pool_;
  Spool spool_{pool_, {.directory = directory_.path(), .file_memory_bytes = 10'000, .memory_limit_bytes = 100'000}};
};

TEST_F(Forms, are_read_in_whatever_pieces_they_come) {
  for (const std::size_t piece : {1UZ, 2UZ, 7UZ, 1'000UZ, 8'191UZ, 8'192UZ, 1'000'000UZ}) {
    PiecesRequest from(multipart, card, piece);
    EXPECT_EQ(outcome(from), card_described) << piece;
  }
  EXPECT_EQ(outcome(urlencoded, "a=1&b=&a=%C3%A4"), "a=1;b=;a=\xC3\xA4;");
  EXPECT_EQ(outcome(multipart, end), "");
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

TEST_F(Forms, have_their_text_as_utf8) {
  EXPECT_EQ(outcome(multipart, part("name=a", "\xC3\xA4") + part("name=b", "\xE4") +
                                   part("name=c", "\xC3\xA4", "Content-Type: text/plain; charset=ISO-8859-1\r\n") +
                                   part("name=d", "\xE4", "Content-Type: text/plain; charset=UTF-8\r\n") + end),
            "a=\xC3\xA4;b=\xC3\xA4;c=\xC3\x83\xC2\xA4;d=\xC3\xA4;");
}

TEST_F(Forms, are_asked_for_by_name) {
  PiecesRequest from(multipart, card, 1'000);
  run_blocking([&]() -> Task<> {
    FormData form = co_await read_form(from.request(), spool_);
    EXPECT_EQ(form.value("full_name"), "Ada Lovelace");
    EXPECT_EQ(form.value("tag"), "");  // the last
    EXPECT_EQ(form.value("cv"), std::nullopt);
    EXPECT_EQ(form.file("tag"), nullptr);
    UploadFile* const cv = form.file("cv");
    EXPECT_NE(cv, nullptr);
    if (cv == nullptr) co_return;
    EXPECT_EQ(cv->filename, "cv.pdf");
    EXPECT_EQ(cv->headers.size(), 1U);
    EXPECT_EQ(co_await cv->read(5), "ccccc");
    co_await cv->save_to(directory_.path() + "/cv.pdf");
  });
  EXPECT_EQ(ScratchDirectory::contents_of(directory_.path() + "/cv.pdf"), std::string(30'000, 'c'));
}

TEST_F(Forms, of_other_types_and_over_a_limit_are_refused) {
  EXPECT_EQ(outcome("application/json", "{}"), "unsupported_media_type 415");
  EXPECT_EQ(outcome("", ""), "unsupported_media_type 415");
  EXPECT_EQ(outcome("multipart/form-data", card), "malformed_form 400");
  EXPECT_EQ(outcome(multipart, ""), "malformed_form 400");
  EXPECT_EQ(outcome(multipart, card, {.files = 1}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.fields = 2}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.field_bytes = 11}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.file_bytes = 29'999}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.part_header_bytes = 50}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.total_bytes = card.size() - 3}), "payload_too_large 413");
  EXPECT_EQ(outcome(multipart, card, {.total_bytes = card.size() - 2}), card_described);  // without its line break
  EXPECT_EQ(outcome(urlencoded, "a=1&b=2", {.fields = 1}), "payload_too_large 413");
  EXPECT_EQ(outcome(urlencoded, "a=123456", {.urlencoded_bytes = 7}), "payload_too_large 413");
  std::string many;
  for (int i = 0; i < 3; ++i) many += part("name=a", std::string(40'000, 'x'));
  EXPECT_EQ(outcome(multipart, many + end), "overloaded 503");  // of the spool's memory fields have their share
  std::string headers;
  for (int i = 0; i < 2'000; ++i) headers += "a:\r\n";
  EXPECT_EQ(outcome(multipart, part("name=f; filename=f", "", headers) + end, {.part_header_bytes = 10'000}),
            "overloaded 503");  // and so have headers, which take more than was sent of them
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

TEST_F(Forms, that_break_off_at_any_byte_leave_nothing) {
  const std::string small = part("name=a", "1") + part("name=f; filename=f", std::string(12'000, 'f')) + end;
  for (std::size_t at = 0; at < small.size(); at += at < 200 || at > 12'000 ? 1 : 997) {
    PiecesRequest from(multipart, small, 1'000);
    from.break_off_at(at);
    EXPECT_EQ(outcome(from), at < small.size() - 2 ? "bad_request 400" : "a=1;f<f||12000>;") << at;
    PiecesRequest shorter(multipart, small.substr(0, at), 1'000);
    EXPECT_EQ(outcome(shorter), at < small.size() - 2 ? "malformed_form 400" : "a=1;f<f||12000>;") << at;
  }
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

// Cancelled while it waits for each piece of the body, and for the disk.
TEST_F(Forms, can_be_cancelled_wherever_they_wait) {
  const auto cancelled_by = [this](PiecesRequest& from, Task<> other) {
    run_blocking([&]() -> Task<> {
      const auto reading = [](Request& request, const Spool& spool) -> Task<> {
        const FormData form = co_await read_form(request, spool);
      };
      static_cast<void>(co_await when_any(reading(from.request(), spool_), std::move(other)));
    });
    EXPECT_EQ(spool_.memory_used_bytes(), 0U);
  };
  PiecesRequest whole(multipart, card, 1'000);
  EXPECT_EQ(outcome(whole), card_described);
  for (std::size_t read = 1; read <= whole.reads(); ++read) {
    PiecesRequest from(multipart, card, 1'000);
    from.stall_at(read);
    cancelled_by(from, from.stalled().wait());
    EXPECT_EQ(from.reads(), read);
  }
  for (const auto patience : {0ms, 1ms, 2ms, 3ms, 5ms}) {
    PiecesRequest from(multipart, part("name=f; filename=f", std::string(4'000'000, 'f')) + end, 100'000);
    cancelled_by(from, sleep_for(patience));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST_F(Forms, that_find_the_disk_unusable_say_so) {
  const Spool broken(pool_, {.directory = "/nowhere", .file_memory_bytes = 10'000});
  PiecesRequest from(multipart, card, 1'000);
  try {
    run_blocking([&]() -> Task<> { co_await read_form(from.request(), broken); });
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "storage_failed");
    EXPECT_THAT(error.log_details(), testing::HasSubstr("/nowhere"));
  }
}

TEST_F(Forms, keep_their_files_in_a_task_that_runs_on) {
  std::string kept;
  run_blocking([&]() -> Task<> {
    std::optional<PiecesRequest> from(std::in_place, multipart, card, 1'000);
    FormData form = co_await read_form(from->request(), spool_);
    Loop::current().spawn("background", [](UploadFile file, std::string& into) -> Task<> {
      co_await sleep_for(20ms);
      into = co_await file.content.read_all(100'000);
    }(std::move(form.files.at(1)), kept));
    form = {};
    from.reset();
    co_await sleep_for(200ms);
  });
  EXPECT_EQ(kept, std::string(30'000, 'c'));
}

TEST(PartReader, gives_the_parts_one_after_the_other) {
  for (const std::size_t piece : {1UZ, 100UZ, 100'000UZ}) {
    PiecesRequest from(multipart, card, piece);
    std::string all;
    run_blocking([&]() -> Task<> {
      PartReader parts(from.request());
      EXPECT_EQ(from.reads(), 0U);
      while (auto part = co_await parts.next()) {
        std::size_t size = 0;
        for (std::string bytes = co_await part->read(); !bytes.empty(); bytes = co_await part->read())
          size += bytes.size();
        EXPECT_EQ(co_await part->read(), "");
        all += part->name + "|" + part->filename.value_or("-") + "|" + std::to_string(size) + ";";
      }
      EXPECT_FALSE(co_await parts.next());
    });
    EXPECT_EQ(all, "full_name|-|12;photo|ada.png|3000;tag|-|1;tag|-|0;cv|cv.pdf|30000;");
  }
}

TEST(PartReader, passes_over_what_is_not_read_and_lets_no_part_be_read_late) {
  PiecesRequest from(multipart, card, 100);
  run_blocking([&]() -> Task<> {
    std::optional<PartReader> parts(from.request());
    auto first = co_await parts->next();
    auto second = co_await parts->next();
    EXPECT_EQ((co_await second->read()).front(), 'p');
    EXPECT_THROW(co_await first->read(), Error);
    parts.reset();
    EXPECT_EQ((co_await second->read()).front(), 'p');  // outlives its reader
  });
}

TEST(PartReader, says_the_same_again_after_an_error) {
  PiecesRequest from(multipart, part("name=a", "1") + "--XyZx", 100);
  run_blocking([&]() -> Task<> {
    PartReader parts(from.request());
    auto first = co_await parts.next();
    EXPECT_EQ(co_await first->read(), "1");
    for (int i = 0; i < 3; ++i) {
      try {
        co_await parts.next();
        ADD_FAILURE();
      } catch (const Error& error) {
        EXPECT_EQ(error.message(), "The form has a malformed boundary");
      }
    }
  });
}

// The rest is over sockets.

std::string post(std::string_view body, std::size_t length, std::string_view type = multipart) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" + std::string(body);
}

Answer describe(Request& request, const Spool& spool, const FormLimits& limits) {
  return [](Request& later, const Spool& into, FormLimits most) -> Task<Response> {
    FormData form = co_await read_form(later, into, most);
    co_return Response::text(200, co_await described(std::move(form)));
  }(request, spool, limits);
}

TEST_F(Forms, come_over_one_connection_one_after_the_other) {
  TestServer server([&](Request& request) { return describe(request, spool_, {}); });
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const std::string request = post(card, card.size());
    client.send(request.substr(0, 5'000));
    server.wait_until([] { return true; });
    client.send(request.substr(5'000) + post("a=1", 3, urlencoded));
    EXPECT_EQ(body_of(client.answer()), card_described);
    EXPECT_EQ(body_of(client.answer()), "a=1;");
  }
}

TEST_F(Forms, that_are_too_large_are_refused_before_they_are_read_and_the_client_hears_it) {
  TestServer server([&](Request& request) { return describe(request, spool_, {.total_bytes = 100'000}); });
  RawClient announced(server.port());
  announced.send(post("", std::size_t{10} << 30));
  EXPECT_EQ(status_of(announced.answer()), 413);
  RawClient chunked(server.port());
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: " + multipart + "\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string_view disposition = "name=f; filename=f";
  const std::string bytes(0x10000 - part(disposition, "").size(), 'x');
  const std::string chunk = "10000\r\n" + part(disposition, bytes) + "\r\n";
  for (int i = 0; i < 10; ++i) chunked.send(chunk);
  EXPECT_EQ(status_of(chunked.answer()), 413);
  EXPECT_EQ(spool_.memory_used_bytes(), 0U);
}

// Sends a form with one file of so many bytes. How much more memory there was meanwhile, in KB.
long send_large(std::uint16_t port, std::uint64_t file_bytes, std::string& answer) {
  RawClient client(port);
  const std::string head = part("name=f; filename=f", "");
  const std::string tail = "\r\n" + end;
  const std::string piece(256 * 1024, 'x');
  client.send(post("", head.size() - 2 + file_bytes + tail.size()) + head.substr(0, head.size() - 2));
  const long before = resident_kilobytes();
  long most = before;
  for (std::uint64_t sent = 0; sent < file_bytes; sent += piece.size()) {
    client.send(piece);
    if (sent % (64 * piece.size()) == 0) most = std::max(most, resident_kilobytes());
  }
  client.send(tail);
  answer = client.answer();
  return most - before;
}

TEST_F(Forms, of_any_length_are_stored_and_read_in_flat_memory) {
  const FormLimits limits{.total_bytes = std::uint64_t{8} << 30};
  std::atomic<std::uint64_t> counted = 0;
  TestServer server([&](Request& request) -> Answer {
    return
        [](Request& later, const Spool& spool, FormLimits most, std::atomic<std::uint64_t>& count) -> Task<Response> {
          FormData form = co_await read_form(later, spool, most);
          UploadFile& file = form.files.at(0);
          for (std::string bytes = co_await file.read(); !bytes.empty(); bytes = co_await file.read())
            count += bytes.size();
          co_return Response::text(200, std::to_string(file.size()));
        }(request, spool_, limits, counted);
  });
  std::string answer;
  const long grown = send_large(server.port(), large_bytes / 4, answer);
  EXPECT_EQ(body_of(answer), std::to_string(large_bytes / 4));
  EXPECT_EQ(counted, large_bytes / 4);
  if (memory_is_measured) {
    EXPECT_LT(grown, 16 * 1024);
  }
}

TEST(PartReader, reads_a_gigabyte_in_flat_memory) {
  TestServer server([](Request& request) -> Answer {
    return [](Request& later) -> Task<Response> {
      PartReader parts(later, {.total_bytes = std::uint64_t{8} << 30});
      std::uint64_t count = 0;
      while (auto part = co_await parts.next())
        for (std::string bytes = co_await part->read(); !bytes.empty(); bytes = co_await part->read())
          count += bytes.size();
      co_return Response::text(200, std::to_string(count));
    }(request);
  });
  std::string answer;
  const long grown = send_large(server.port(), large_bytes, answer);
  EXPECT_EQ(body_of(answer), std::to_string(large_bytes));
  if (memory_is_measured) {
    EXPECT_LT(grown, 16 * 1024);
  }
}

}  // namespace
}  // namespace bailey::http
