// Typed settings, from the environment, a .env file and a directory of secrets.
#include <bailey/base/failed.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/model/settings.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

using namespace bailey;

// [struct]
enum class Stage { development, production };

struct MailSettings {
  std::string server = "127.0.0.1";
  std::uint16_t port = 25;
};

struct Settings {
  std::string title = "Cards";
  Stage stage = Stage::development;
  Secret api_key;
  std::vector<std::string> origins;
  std::chrono::seconds session = std::chrono::hours(8);
  int workers = 2;
  bool debug = false;
  std::optional<std::string> sentry_url;
  MailSettings mail;

  static std::optional<std::string> check_stage(const Settings& settings) {
    if (settings.stage == Stage::production && settings.debug) return "debug is for development";
    return std::nullopt;
  }
  static constexpr auto rules() {
    return fields(field<&Settings::workers>(ge(1), le(64)), field<&Settings::sentry_url>(format::url),
                  field<&Settings::stage>(defaulted), field<&Settings::debug>(defaulted), check<&check_stage>());
  }
};
// [/struct]

int main() try {
  // [load]
  const auto settings = load_settings<Settings>({.env_file = ".env", .prefix = "APP_"});
  // [/load]
  std::cout << settings.title << ": " << settings.workers << " workers, mail by " << settings.mail.server << ':'
            << settings.mail.port << ", " << settings.origins.size() << " origins, sessions of "
            << settings.session.count() << " s\n";
  return 0;
} catch (const std::exception& error) {
  return failed(error);
}
