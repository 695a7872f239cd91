#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::detail {

// Why a text is no .env file. The sentence quotes nothing of the text, which may be a secret.
struct DotenvError {
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // from 1, in bytes
  std::string_view reason;
};

// All that the values of a file may grow to by ${…}.
inline constexpr std::size_t dotenv_limit_bytes = std::size_t{1024} * 1024;

using Variables = std::vector<std::pair<std::string, std::string>>;

// Reads the text of a .env file:
//
//   # a comment
//   export NAME=value               # export may stand there; blanks around = and a comment behind a blank, too
//   QUOTED='as it is, $ and \ too'  # of several lines, if it must
//   ESCAPED="a line\nand $HOME"     # \n \r \t \" \\ \$ ; every other backslash stands for itself
//   URL=http://${HOST}:${PORT:-80}  # not within ''; ${NAME:-default} where NAME is not set or empty
//
// A name is letters, digits and _, not beginning with a digit. `known` is asked for a ${NAME} first; then what stands
// above in the text counts; what nobody knows is empty. What is put in is not read again.
[[nodiscard]] std::expected<Variables, DotenvError> parse_dotenv(
    std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& known);

}  // namespace bailey::detail
