#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace bailey::http::test {

// A directory that goes with all that is in it.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::string& parent = std::filesystem::temp_directory_path()) {
    path_ = parent + "/bailey-http-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no directory for the test's files");
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] static std::string contents_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(text).str();
  }

 private:
  std::string path_;
};

}  // namespace bailey::http::test
