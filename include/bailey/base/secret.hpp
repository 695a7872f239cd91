#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace bailey {

// A password, token, key or connection string. It converts to nothing, prints nowhere and encodes to asterisks; whoever
// needs the text says `reveal()`, so a search for that word finds every place a secret is used.
//
// The text is wiped when the object dies, is assigned to, or is moved from. Copies are allowed and wiped likewise. The
// string it is made from is the caller's: pass a temporary or std::move, whose small remains are wiped too.
class Secret {
 public:
  Secret() noexcept = default;
  explicit Secret(std::string text) noexcept;
  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // A view into this object: valid until it is assigned to, moved from or destroyed.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  // Compares in a time that depends on the lengths only, never on the content.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

  friend bool operator==(const Secret& left, const Secret& right) noexcept { return left.equals(right.text_); }

  // Printing a secret does not compile.
  template <class Stream>
    requires requires(Stream& stream) { stream << 'x'; }
  friend Stream& operator<<(Stream&, const Secret&) = delete;

 private:
  std::string text_;
};

// Overwrites a string's whole buffer in a way the compiler may not leave out, then empties it.
void wipe(std::string& text) noexcept;

// Whether two byte strings are equal, in a time that depends on the lengths only.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace bailey
