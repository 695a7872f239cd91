// TLS as a client: only a server whose certificate is trusted and bears its name is spoken to.
#include <bailey/http/client.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <filesystem>
#include <thread>

namespace bailey::http {
namespace {

namespace asio = boost::asio;

// Answers one connection after another over TLS, under a certificate it has signed itself.
class TlsServer {
 public:
  explicit TlsServer(const char* name) : folder_(std::filesystem::temp_directory_path() / unique_name()) {
    std::filesystem::create_directories(folder_);
    make_certificate(name);
    context_.use_certificate_file(certificate_file(), asio::ssl::context::pem);
    context_.use_private_key_file(folder_ / "key.pem", asio::ssl::context::pem);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    stopping_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] std::string certificate_file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string url() const {
    return "https://localhost:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
  }

 private:
  static std::string unique_name() {
    static int count = 0;
    return "bailey-client-tls-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
  }

  void make_certificate(const char* name) const {
    EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* const certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* file = std::fopen(certificate_file().c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen((folder_ / "key.pem").c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  void serve() {
    for (;;) {
      boost::system::error_code error;
      asio::ssl::stream<asio::ip::tcp::socket> stream(io_, context_);
      acceptor_.accept(stream.lowest_layer(), error);
      if (error || stopping_) return;
      stream.handshake(asio::ssl::stream_base::server, error);
      std::string request;
      if (!error) asio::read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n", error);
      if (!error)
        asio::write(stream, asio::buffer(std::string("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsecret")), error);
      stream.shutdown(error);
    }
  }

  std::filesystem::path folder_;
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

Expected<ClientResponse> fetch(const std::string& url, std::string ca_file) {
  ClientOptions options;
  options.ca_file = std::move(ca_file);
  ClientRequest request;
  request.url = url;
  return run_blocking(Client(std::move(options)).send(std::move(request)));
}

TEST(ClientOverTls, speaks_to_a_server_it_trusts) {
  const TlsServer server("localhost");
  const auto answer = fetch(server.url(), server.certificate_file());
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->body, "secret");
}

TEST(ClientOverTls, refuses_a_certificate_nobody_vouches_for) {
  const TlsServer server("localhost");
  const auto answer = fetch(server.url(), "");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), "unreachable");
}

TEST(ClientOverTls, refuses_the_certificate_of_another_host) {
  const TlsServer server("elsewhere.example");
  const auto answer = fetch(server.url(), server.certificate_file());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), "unreachable");
}

}  // namespace
}  // namespace bailey::http
