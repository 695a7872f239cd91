#include "stack/gateway/pages.hpp"

#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include "stack/gateway/private_host.hpp"

namespace bailey::stack::gateway {
namespace {

TEST(PrivateHost, is_one_that_only_this_machine_or_its_network_gives_away) {
  for (const char* host : {"localhost",
                           "LOCALHOST",
                           "localhost.",
                           "app.localhost",
                           "tauri.localhost",
                           "127.0.0.1",
                           "127.255.0.9",
                           "10.0.0.1",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.20",
                           "169.254.3.4",
                           "0.0.0.0",
                           "[::1]",
                           "[::]",
                           "[fc00::1]",
                           "[fd12:3456::1]",
                           "[fe80::1]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:c0a8:101]",
                           "pi.local",
                           "host.docker.internal",
                           "shop.test",
                           "nas.lan",
                           "tv.home.arpa",
                           "kong",
                           "my-machine"}) {
    EXPECT_TRUE(is_private_host(host)) << host;
  }
  for (const char* host : {"",
                           ".",
                           "example.com",
                           "localhost.example.com",
                           "127.0.0.1.example.com",
                           "127.0.0.1.nip.io",
                           "notlocal.dev",
                           "8.8.8.8",
                           "172.15.0.1",
                           "172.32.0.1",
                           "192.169.0.1",
                           "100.64.0.1",
                           "1.127.0.0",
                           "[2001:db8::1]",
                           "[::2]",
                           "[::ffff:8.8.8.8]",
                           "[fec0::1]",
                           "[",
                           "[]",
                           "[localhost]",
                           "xlocalhost.com",
                           "mylan.example"}) {
    EXPECT_FALSE(is_private_host(host)) << host;
  }
}

TEST(Pages, admit_the_origins_a_developers_own_page_has) {
  const Pages pages({"https://app.example.com", "https://*.preview.example.com/**", "https://shop.example:443/cb",
                     "http://other.example:8080/**", "myapp://callback"});
  for (const char* origin :
       {"http://localhost:5173", "https://localhost", "http://127.0.0.1:3000", "http://[::1]:8080",
        "http://192.168.0.7:5173", "http://devbox:3000", "http://app.test", "capacitor://localhost",
        "https://tauri.localhost", "https://app.example.com", "https://pr-7.preview.example.com",
        "https://shop.example", "http://other.example:8080", "HTTPS://APP.EXAMPLE.COM"}) {
    EXPECT_TRUE(pages.admits_origin(origin)) << origin;
  }
  for (const char* origin :
       {"https://evil.example", "null", "", "http://app.example.com", "https://app.example.com.evil.example",
        "https://app.example.com:8443", "https://a.b.preview.example.com", "https://preview.example.com",
        "http://other.example", "https://localhost.evil.example", "https://evil.example/localhost",
        "https://evil.example:80@localhost", "http://localhost:80x", "chrome-extension://abcdefghijklmnop",
        "https://evil.example#.localhost", "https://evil/localhost", "localhost", "http://"}) {
    EXPECT_FALSE(pages.admits_origin(origin)) << origin;
  }
  EXPECT_FALSE(pages.admits_origin("https://" + std::string(30'000, 'a') + ".example.com"));
}

TEST(Pages, are_all_admitted_and_so_is_none_if_the_configuration_says_so) {
  EXPECT_TRUE(Pages({"**"}).admits_origin("https://any.example"));
  EXPECT_TRUE(Pages({"https://**"}).admits_origin("https://any.example"));
  EXPECT_FALSE(Pages({"https://**"}).admits_origin("http://any.example"));
  EXPECT_TRUE(Pages({"null"}).admits_origin("null"));
  EXPECT_TRUE(Pages({"**"}).admits_host("any.example"));
  EXPECT_FALSE(Pages({"", "https://"}).admits_origin(""));
  EXPECT_FALSE(Pages({"", "https://"}).admits_host(""));
}

TEST(Pages, are_asked_for_by_an_address_or_a_name_of_ones_own) {
  const Pages pages({"https://app.example.com:8443/cb", "https://*.tunnel.example/**"});
  for (const char* host : {"localhost:54321", "127.0.0.1:54321", "[::1]:54321", "kong:8000", "203.0.113.7:54321",
                           "app.example.com", "App.Example.com:54321", "x.tunnel.example"}) {
    EXPECT_TRUE(pages.admits_host(host)) << host;
  }
  for (const char* host : {"evil.example", "evil.example:54321", "rebind.it:54321", "app.example.com.evil.example",
                           "127.0.0.1.nip.io:54321"}) {
    EXPECT_FALSE(pages.admits_host(host)) << host;
  }
}

TEST(Pages, that_are_kept_out_are_logged_once_with_the_setting_that_opens) {
  std::vector<std::string> lines;
  log::set_sink([&](log::Level, std::string_view line) { lines.emplace_back(line); });
  const Pages pages;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(pages.admits_origin("https://evil.example"));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(pages.admits_origin("https://e" + std::to_string(i) + ".example"));
  log::set_sink({});
  ASSERT_EQ(lines.size(), 100U);
  EXPECT_NE(lines[0].find("https://evil.example"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("[auth] additional_redirect_urls"), std::string::npos) << lines[0];
}

TEST(Pages, of_any_port_are_admitted_at_the_usual_one) {
  const Pages pages({"https://*-team.vercel.app:*/**"});
  for (const char* origin : {"https://shop-team.vercel.app", "https://shop-team.vercel.app:8443"})
    EXPECT_TRUE(pages.admits_origin(origin)) << origin;
  for (const char* origin : {"http://shop-team.vercel.app", "https://team.vercel.app", "https://a.shop-team.vercel.app",
                             "https://shop-team.vercel.app.example.com"})
    EXPECT_FALSE(pages.admits_origin(origin)) << origin;
  EXPECT_TRUE(pages.admits_host("shop-team.vercel.app"));
}

}  // namespace
}  // namespace bailey::stack::gateway
