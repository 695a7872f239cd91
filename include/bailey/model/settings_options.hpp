#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <bailey/base/error.hpp>

namespace bailey {

// None, one or several files: {}, ".env" or {".env", ".env.local"}.
class EnvFiles {
 public:
  EnvFiles() = default;
  EnvFiles(const char* file) : names_{file} {}             // NOLINT: a name is what is written there
  EnvFiles(std::string file) : names_{std::move(file)} {}  // NOLINT
  EnvFiles(std::initializer_list<std::string> files) : names_(files) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

// Where load_settings looks.
struct SettingsOptions {
  EnvFiles env_file = {};        // a later one counts before an earlier one; one that is not there is passed over
  std::string prefix = {};       // of every variable: "APP_"
  std::string secrets_dir = {};  // a file for each value: app_api_key, or api_key; "": none
  // In place of the process's environment: for tests.
  std::optional<std::map<std::string, std::string>> environment = {};
};

// What is wrong with one variable, or with a place of a file (".env:3:7").
struct SettingProblem {
  std::string variable;
  std::string message;  // without the value of a secret
};

// All that is wrong with a program's settings: its message has a line for each. Code "invalid_settings".
class SettingsError : public Error {
 public:
  explicit SettingsError(std::vector<SettingProblem> problems, std::string_view remark = {});
  [[nodiscard]] const std::vector<SettingProblem>& problems() const noexcept { return problems_; }

 private:
  std::vector<SettingProblem> problems_;
};

}  // namespace bailey
