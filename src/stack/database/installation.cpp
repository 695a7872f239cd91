#include "stack/database/installation.hpp"

#include <bailey/base/env.hpp>
#include <bailey/base/error.hpp>

#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace bailey::stack {
namespace {

constexpr int oldest_major = 15;

bool has_programs(const std::filesystem::path& folder) {
  return access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0;
}

// Asks the program itself: "postgres (PostgreSQL) 15.8 …". Only for folders whose name does not tell.
int ask_version(const std::filesystem::path& folder) {
  const std::string command = "'" + (folder / "postgres").string() + "' --version 2>/dev/null";
  if (folder.string().contains('\'')) return 0;
  FILE* pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return 0;
  std::string text(128, '\0');
  text.resize(fread(text.data(), 1, text.size(), pipe));
  pclose(pipe);
  const std::size_t at = text.find(") ");
  int major = 0;
  if (at != std::string::npos) std::from_chars(text.data() + at + 2, text.data() + text.size(), major);
  return major;
}

void add(std::vector<PostgresInstallation>& found, const std::filesystem::path& folder, int major) {
  const auto same = [&](const PostgresInstallation& other) { return other.folder == folder; };
  if (major >= oldest_major && std::ranges::none_of(found, same)) found.push_back({folder, major});
}

// All on this machine, newest first; where BAILEY_POSTGRES names a folder, that one alone.
std::vector<PostgresInstallation> find_installations() {
  std::vector<PostgresInstallation> found;
  if (const auto chosen = env::get("BAILEY_POSTGRES")) {
    // Programs are run in other folders than ours.
    const std::filesystem::path folder = std::filesystem::absolute(*chosen).lexically_normal();
    if (has_programs(folder)) add(found, folder, ask_version(folder));
    if (!found.empty()) return found;
    throw Error("no_postgres", "BAILEY_POSTGRES names " + folder.string() +
                                   ", and the programs of a PostgreSQL 15 or newer are not there");
  }
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", failure)) {
    const std::string name = entry.path().filename();
    int major = 0;
    std::from_chars(name.data(), name.data() + name.size(), major);
    if (has_programs(entry.path() / "bin")) add(found, entry.path() / "bin", major);
  }
  const std::string path = env::get("PATH").value_or("");
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    const std::filesystem::path folder = path.substr(start, end - start);
    if (folder.is_absolute() && has_programs(folder)) add(found, folder, ask_version(folder));
    start = end + 1;
  }
  std::ranges::sort(found, std::ranges::greater(), &PostgresInstallation::major);
  return found;
}

}  // namespace

PostgresInstallation choose_installation(std::optional<int> cluster_major) {
  const auto found = find_installations();
  if (found.empty()) {
    throw Error("no_postgres",
                "no PostgreSQL 15 or newer found in /usr/lib/postgresql or PATH; install it (apt-get install "
                "postgresql) or name the folder of its programs in BAILEY_POSTGRES");
  }
  if (!cluster_major) return found.front();
  const auto match = std::ranges::find(found, *cluster_major, &PostgresInstallation::major);
  if (match != found.end()) return *match;
  throw Error("no_postgres", "this project's data was made by PostgreSQL " + std::to_string(*cluster_major) +
                                 ", which is not found any more; install it, or start anew with bailey dev --reset");
}

}  // namespace bailey::stack
