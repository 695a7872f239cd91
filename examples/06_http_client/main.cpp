// Bodies that never lie in memory whole.
//
//   http_client http://127.0.0.1:8000/ticks                 prints what is there, as it comes
//   http_client http://127.0.0.1:8000/readings readings.json    sends a file
#include <bailey/bailey.hpp>

#include <iostream>

using namespace bailey;

// [read]
Task<> print(http::Client client, std::string url) {
  auto answer = co_await client.stream({.url = std::move(url), .timeout = std::chrono::seconds(10)});
  if (!answer) throw answer.error();
  for (;;) {
    auto part = co_await answer->read();  // waits for the server; while nobody reads, the server waits
    if (!part) throw part.error();
    if (part->empty()) break;
    std::cout << *part << std::flush;
  }
}
// [/read]

// [file]
Task<http::ClientResponse> send_file(http::Client client, std::string url, std::string path) {
  auto file = http::BodySource::file(path);
  if (!file) throw file.error();
  http::ClientRequest request{.method = "POST", .url = std::move(url)};
  request.headers = {{"Content-Type", "application/json"}};
  auto answer = co_await client.send(std::move(request), *std::move(file));
  if (!answer) throw answer.error();
  co_return *std::move(answer);
}
// [/file]

// [made]
// As many readings as are wanted, made while they are sent.
Task<http::ClientResponse> send_readings(http::Client client, std::string url, int count) {
  int made = 0;
  http::ClientRequest request{.method = "POST", .url = std::move(url)};
  request.headers = {{"Content-Type", "application/json"}};
  http::BodySource readings([&]() -> Task<std::string> {
    const int next = made++;
    if (next > count) co_return "";  // the end
    if (next == count) co_return "]";
    co_return (next == 0 ? "[" : ",") +
        std::string(R"({"sensor":"a-1","value":1.5,"taken_at":"2026-11-23T14:05:09Z"})");
  });
  auto answer = co_await client.send(std::move(request), std::move(readings));
  if (!answer) throw answer.error();
  co_return *std::move(answer);
}
// [/made]

int main(int count, char** arguments) try {
  if (count != 2 && count != 3) {
    std::cerr << "usage: http_client URL [FILE | NUMBER]\n";
    return 2;
  }
  const http::Client client;
  if (count == 2) {
    run_blocking(print(client, arguments[1]));
    return 0;
  }
  const std::string what = arguments[2];
  const bool is_number = what.find_first_not_of("0123456789") == std::string::npos;
  const http::ClientResponse answer = run_blocking(is_number ? send_readings(client, arguments[1], std::stoi(what))
                                                             : send_file(client, arguments[1], what));
  std::cout << answer.status << ' ' << answer.body << '\n';
  return 0;
} catch (const std::exception& error) {
  return failed(error);
}
