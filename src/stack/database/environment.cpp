#include "stack/database/environment.hpp"

#include <unistd.h>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack {

void forget_other_databases() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("PG")) names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names) unsetenv(name.c_str());
}

}  // namespace bailey::stack
