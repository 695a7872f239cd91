#include <bailey/model/enums.hpp>

#include <stdexcept>

namespace bailey::detail {

void refuse_nameless(std::string_view enumeration, std::string_view number) {
  std::string sentence(number);
  sentence.append(" is no enumerator of ")
      .append(enumeration)
      .append(" that is known by name: those beyond -128 to 255");
  sentence.append(" are listed in bailey::enumerators<").append(enumeration).append(">");
  throw std::out_of_range(sentence);
}

}  // namespace bailey::detail
