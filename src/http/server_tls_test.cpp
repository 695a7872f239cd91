#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <poll.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <latch>
#include <memory>

namespace bailey::http {
namespace {

using namespace test;

// A key and a certificate signed by itself, in files that go with the object.
class Certificate {
 public:
  Certificate() : folder_(std::filesystem::temp_directory_path() / ("bailey-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* const certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    write(certificate_file(), [&](std::FILE* file) { PEM_write_X509(file, certificate); });
    write(key_file(), [&](std::FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] std::string certificate_file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ / "key.pem"; }

 private:
  template <class F>
  static void write(const std::string& path, F write_it) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    write_it(file);
    std::fclose(file);
  }
  std::filesystem::path folder_;
};

class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int most = 0) : plain_(port), context_(SSL_CTX_new(TLS_client_method())) {
    if (most) SSL_CTX_set_max_proto_version(context_, most);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, plain_.descriptor());
    connect();
  }
  // Without a word of the handshake.
  struct Unconnected {};
  TlsClient(std::uint16_t port, Unconnected) : plain_(port), context_(SSL_CTX_new(TLS_client_method())) {
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, plain_.descriptor());
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // Says hello, and waits until the server has said its part of the handshake, which is left for `connect`.
  bool begin_to_connect() {
    ERR_clear_error();
    SSL_set0_rbio(ssl_, BIO_new(BIO_s_mem()));
    const bool waits = SSL_get_error(ssl_, SSL_connect(ssl_)) == SSL_ERROR_WANT_READ;
    SSL_set0_rbio(ssl_, BIO_new_socket(plain_.descriptor(), BIO_NOCLOSE));
    pollfd state{plain_.descriptor(), POLLIN, 0};
    return waits && ::poll(&state, 1, 5000) == 1;
  }
  bool connect() {
    connected_ = SSL_connect(ssl_) == 1;
    ERR_clear_error();
    return connected_;
  }

  [[nodiscard]] bool is_connected() const { return connected_; }
  void close() { plain_.close(); }
  void send_untouched(std::string_view bytes) { plain_.send(bytes); }
  void send(std::string_view bytes) { SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())); }
  std::string some() {
    char bytes[4096];
    const int count = SSL_read(ssl_, bytes, sizeof bytes);
    ERR_clear_error();
    return {bytes, static_cast<std::size_t>(std::max(count, 0))};
  }
  // Reads to the end; `clean` tells whether TLS was closed before TCP.
  std::string everything(bool* clean = nullptr) {
    std::string all;
    char bytes[4096];
    int count = 0;
    while ((count = SSL_read(ssl_, bytes, sizeof bytes)) > 0) all.append(bytes, static_cast<std::size_t>(count));
    if (clean) *clean = SSL_get_error(ssl_, count) == SSL_ERROR_ZERO_RETURN;
    ERR_clear_error();
    return all;
  }

 private:
  RawClient plain_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

ServerOptions with_tls(const Certificate& certificate) {
  return {.tls = TlsOptions{certificate.certificate_file(), certificate.key_file()}};
}

TEST(ServerTls, serves_requests_and_closes_in_order) {
  const Certificate certificate;
  TestServer server(
      [](Request& request) -> Answer {
        EXPECT_TRUE(request.is_secure());
        return echo(request);
      },
      with_tls(certificate));
  TlsClient client(server.port());
  ASSERT_TRUE(client.is_connected());
  std::string body;
  for (int i = 0; body.size() < 100'000; ++i) body.append(std::to_string(i % 10000)).append(" ");
  body.resize(100'000);
  client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" + body);
  bool clean = false;
  const std::string all = client.everything(&clean);
  EXPECT_NE(all.find("GET /a "), std::string::npos);
  EXPECT_NE(all.find("GET /b "), std::string::npos);
  EXPECT_TRUE(all.ends_with("POST /c " + body));
  EXPECT_TRUE(clean);
}

TEST(ServerTls, refuses_what_is_malformed_readably) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  TlsClient client(server.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(status_of(client.everything()), 400);
}

TEST(ServerTls, refuses_versions_before_1_2) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).is_connected());
  EXPECT_TRUE(TlsClient(server.port(), TLS1_2_VERSION).is_connected());
}

TEST(ServerTls, ends_a_handshake_that_does_not_go_on) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  RawClient client(server.port());
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  server.on_loop([] {});
  server.advance(std::chrono::seconds(11));
  EXPECT_TRUE(client.is_at_end());
}

TEST(ServerTls, closes_an_idle_connection_although_a_record_trickles_in) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  TlsClient client(server.port());
  ASSERT_TRUE(client.is_connected());
  client.send_untouched(std::string_view("\x17\x03\x03\x40\x00", 5));  // the head of a record of 16 KiB
  for (int i = 0; i < 8; ++i) {
    server.on_loop([] {});
    server.advance(std::chrono::milliseconds(700));  // parked
    server.on_loop([] {});
    server.advance(std::chrono::seconds(2));
    client.send_untouched("x");
  }
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
}

TEST(ServerTls, keeps_a_handler_s_deadline_after_it_has_sent_100_continue) {
  const Certificate certificate;
  std::atomic<int> waits = 0;
  TestServer server(
      [&waits](Request& request) -> Answer {
        return [](Request& asked, std::atomic<int>& count) -> Task<Response> {
          const std::string body(co_await asked.body());
          ++count;
          co_await sleep_for(std::chrono::hours(1));
          co_return Response::text(200, body);
        }(request, waits);
      },
      with_tls(certificate));
  TlsClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(client.some(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("x");
  ASSERT_TRUE(server.wait_until([&] { return waits == 1; }));
  server.advance(std::chrono::seconds(29));
  server.advance(std::chrono::milliseconds(1200));
  EXPECT_EQ(status_of(client.everything()), 504);
}

TEST(ServerTls, closes_idle_connections_when_it_drains) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  TlsClient client(server.port());
  ASSERT_TRUE(client.is_connected());
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  server.request_stop();
  EXPECT_EQ(client.everything(), "");
}

TEST(ServerTls, answers_504_for_a_handler_that_cannot_be_cancelled) {
  log::set_sink([](log::Level, std::string_view) {});
  const Certificate certificate;
  std::latch begun(1), release(1);
  BlockingPool pool({.threads = 1, .queue_limit = 1});
  TestServer server(
      [&](Request&) -> Answer {
        return [](BlockingPool& jobs, std::latch& started, std::latch& end) -> Task<Response> {
          co_await jobs.run([&] {
            started.count_down();
            end.wait();
          });
          co_return Response::text(200, "too late");
        }(pool, begun, release);
      },
      with_tls(certificate));
  TlsClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  begun.wait();
  server.advance(std::chrono::seconds(31));
  server.on_loop([] {});
  server.advance(std::chrono::milliseconds(1500));
  bool clean = false;
  EXPECT_EQ(status_of(client.everything(&clean)), 504);
  EXPECT_TRUE(clean);
  release.count_down();
  client.close();
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
  log::set_sink({});
}

// A client sends its request together with the last of the handshake, which the server may not have seen yet.
TEST(ServerTls, answers_the_request_of_who_ends_the_handshake_when_the_server_drains) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  TlsClient client(server.port(), TlsClient::Unconnected());
  ASSERT_TRUE(client.begin_to_connect());
  bool is_connected = false;
  server.stop_between([] {},
                      [&] {
                        is_connected = client.connect();
                        if (is_connected) client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                      });
  server.stop();
  EXPECT_TRUE(is_connected);
  bool clean = false;
  const std::string answer = client.everything(&clean);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
  EXPECT_TRUE(clean);
}

TEST(ServerTls, does_not_wait_for_a_handshake_that_does_not_go_on_when_it_drains) {
  const Certificate certificate;
  TestServer server(echo, with_tls(certificate));
  RawClient before(server.port());
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  std::unique_ptr<RawClient> meanwhile;
  server.stop_between([&] { meanwhile = std::make_unique<RawClient>(server.port()); }, [] {});
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5)) << "of the ten that it has otherwise";
  EXPECT_TRUE(before.is_at_end());
  ASSERT_TRUE(meanwhile);
  EXPECT_TRUE(meanwhile->is_at_end());
}

TEST(ServerTls, says_which_of_its_files_is_no_good_and_why) {
  const Certificate certificate;
  struct Case {
    TlsOptions files;
    std::string beginning;
  };
  for (const Case& c : std::vector<Case>{
           {{"/none.pem", certificate.key_file()}, "cannot use the TLS certificate /none.pem: No such file"},
           {{certificate.key_file(), certificate.key_file()},
            "cannot use the TLS certificate " + certificate.key_file() + ": "},
           {{certificate.certificate_file(), "/none.key"}, "cannot use the TLS key /none.key: No such file"},
           {{certificate.certificate_file(), certificate.certificate_file()},
            "cannot use the TLS key " + certificate.certificate_file() + ": "},
       }) {
    Runtime runtime({.threads = 1, .handle_signals = false});
    FunctionHandler handler(echo);
    Server server(runtime, handler, {.port = 0, .tls = c.files});
    try {
      server.start();
      ADD_FAILURE() << c.beginning;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "tls_configuration");
      EXPECT_TRUE(error.message().starts_with(c.beginning)) << error.message();
    }
  }
}

}  // namespace
}  // namespace bailey::http
