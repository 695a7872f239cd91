#include <bailey/web/trace_context.hpp>

#include <bailey/base/log.hpp>
#include <bailey/web/access_log.hpp>
#include <bailey/web/error.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using web_testing::get;
using web_testing::Headers;

constexpr std::string_view sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

bool is_hex_of(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

TEST(TraceContext, goes_on_with_the_trace_it_is_sent) {
  const auto trace = TraceContext::continued(sent, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace->parent_id(), "00f067aa0ba902b7");
  EXPECT_TRUE(is_hex_of(trace->span_id(), 16)) << trace->span_id();
  EXPECT_NE(trace->span_id(), trace->parent_id());
  EXPECT_TRUE(trace->is_sampled());
  EXPECT_EQ(trace->traceparent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-" + std::string(trace->span_id()) + "-01");
  EXPECT_EQ(trace->headers().back().second, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_NE(TraceContext::continued(sent)->span_id(), trace->span_id()) << "each request has a part of its own";
}

TEST(TraceContext, begins_with_new_ids) {
  const TraceContext trace = TraceContext::begun();
  EXPECT_TRUE(is_hex_of(trace.trace_id(), 32));
  EXPECT_TRUE(is_hex_of(trace.span_id(), 16));
  EXPECT_EQ(trace.parent_id(), "");
  EXPECT_TRUE(trace.is_sampled());
  EXPECT_FALSE(TraceContext::begun(false).is_sampled());
  EXPECT_NE(TraceContext::begun().trace_id(), trace.trace_id());
  EXPECT_EQ(trace.headers().size(), 1U) << "no tracestate";
  EXPECT_TRUE(TraceContext::continued(trace.traceparent())) << "what we send is one";
}

TEST(TraceContext, takes_no_traceparent_that_another_could_read_otherwise) {
  const std::string good(sent);
  const auto with = [&](std::size_t at, char c) {
    std::string text = good;
    text[at] = c;
    return text;
  };
  std::vector<std::string> bad{"",
                               "00",
                               good.substr(0, 54),
                               good + "-",
                               good + "-00",
                               good + "0",
                               " " + good,
                               "ff" + good.substr(2),  // a version that there will not be
                               "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                               "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                               "cc" + good.substr(2) + "x",
                               "cc" + good.substr(2, 50)};
  for (std::size_t at = 0; at < good.size(); ++at) {
    bad.push_back(with(at, 'g'));
    bad.push_back(with(at, 'A'));
    bad.push_back(with(at, '\0'));
  }
  for (const std::size_t dash : {2U, 35U, 52U}) bad.push_back(with(dash, '0'));
  for (const std::string& text : bad) EXPECT_FALSE(TraceContext::continued(text)) << text;
}

TEST(TraceContext, of_a_later_version_is_read_as_far_as_it_is_known) {
  const std::string later = "cc" + std::string(sent.substr(2));
  for (const std::string& text : {later, later + "-", later + "-what-the-future-holds"}) {
    const auto trace = TraceContext::continued(text);
    ASSERT_TRUE(trace) << text;
    EXPECT_TRUE(trace->traceparent().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")) << "we speak version 00";
  }
  EXPECT_TRUE(TraceContext::continued("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe")
                  ->traceparent()
                  .ends_with("-02"))
      << "flags that nobody has defined are not passed on";
}

TEST(TraceContext, passes_tracestate_on_or_leaves_it_out) {
  const auto state = [](std::string_view text) { return TraceContext::continued(sent, text)->tracestate(); };
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a=1", "a=1"},
      {" a=1 ,\tb=2 ", "a=1,b=2"},
      {"a=1,,b=2,", "a=1,b=2"},
      {"0tenant@vendor=x y!", "0tenant@vendor=x y!"},
      {"a", ""},
      {"a=", ""},
      {"=1", ""},
      {"A=1", ""},
      {"a=1,a=2", ""},
      {"a=1=2", ""},
      {"a@b@c=1", ""},
      {"-a=1", ""},
      {"a=\x01", ""},
      {"a=\xc3\xa9", ""},
      {std::string(257, 'a') + "=1", ""},
      {"a=" + std::string(257, '1'), ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(state(text), expected) << text;
  std::string many;
  for (int i = 0; i < 33; ++i) many += "k" + std::to_string(i) + "=1,";
  EXPECT_EQ(state(many), "");
  const std::string large = "a=" + std::string(200, '1') + ",b=" + std::string(200, '2');
  EXPECT_EQ(state(large + ",c=" + std::string(200, '3') + ",d=4"), large) << "the end goes when it is too long";
}

void build(App& app, TraceOptions options = {}) {
  app.use(trace_context(options));
  app.get("/trace",
          [](TraceContext trace) { return PlainText{std::string(trace.trace_id()) + " " + trace.tracestate()}; });
  app.get("/fails", [](const Request&) -> PlainText { throw Error("broken", "it broke", 500); });
}

TEST(TraceContext, is_what_a_handler_gets) {
  App app;
  build(app);
  const Headers headers{{"traceparent", std::string(sent)}, {"tracestate", "a=1"}, {"tracestate", "b=2"}};
  EXPECT_EQ(get(app, "/trace", headers).body, "4bf92f3577b34da6a3ce929d0e0e4736 a=1,b=2");
  for (const Headers& none :
       std::vector<Headers>{{},
                            {{"traceparent", "garbage"}, {"tracestate", "a=1"}},
                            {{"traceparent", std::string(sent)}, {"traceparent", std::string(sent)}}}) {
    const std::string body = get(app, "/trace", none).body;
    EXPECT_TRUE(is_hex_of(body.substr(0, 32), 32)) << body;
    EXPECT_TRUE(body.ends_with(" ")) << "the state of a trace that is none means nothing";
    EXPECT_FALSE(body.starts_with("4bf92f"));
  }
}

TEST(TraceContext, of_strangers_may_mean_nothing) {
  App app;
  build(app, {.from_client = false});
  EXPECT_FALSE(get(app, "/trace", {{"traceparent", std::string(sent)}}).body.starts_with("4bf92f"));
}

TEST(TraceContext, that_nobody_makes_is_an_error_that_says_what_is_missing) {
  std::string lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.append(line); });
  App app;
  app.get("/", [](TraceContext trace) { return PlainText{std::string(trace.trace_id())}; });
  EXPECT_EQ(get(app, "/").status, 500);
  log::set_sink({});
  EXPECT_NE(lines.find("app.use(trace_context())"), std::string::npos) << lines;
}

TEST(TraceContext, is_in_the_access_log_and_in_the_log_of_what_fails) {
  std::string errors;
  log::set_sink([&](log::Level, std::string_view line) { errors.append(line); });
  for (const auto format : {AccessLogOptions::Format::text, AccessLogOptions::Format::json}) {
    std::string lines;
    {
      App app;
      app.use(access_log({.format = format, .sink = [&](std::string_view more) { lines += more; }}));
      build(app);
      static_cast<void>(get(app, "/fails", {{"traceparent", std::string(sent)}}));
    }
    const std::string_view expected = format == AccessLogOptions::Format::text
                                          ? " trace_id=4bf92f3577b34da6a3ce929d0e0e4736\n"
                                          : R"(,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"})";
    EXPECT_NE(lines.find(expected), std::string::npos) << lines;
  }
  log::set_sink({});
  EXPECT_NE(errors.find("trace_id=4bf92f3577b34da6a3ce929d0e0e4736"), std::string::npos) << errors;
}

}  // namespace
}  // namespace bailey
