# GCC before 14 compiles coroutines wrongly and says nothing: `co_await` beside aggregate temporaries, capturing
# lambdas and conditional expressions corrupts memory. A user's handlers are full of these, so such a compiler is
# refused before it can do harm. The default of the machine is often too old while a good one is installed beside it:
# then that one is taken.
if(NOT CMAKE_CXX_COMPILER AND "$ENV{CXX}" STREQUAL "")
  find_program(bailey_compiler NAMES clang++-19 clang++-20 clang++-18 g++-14 g++-15 NO_CACHE)
  if(bailey_compiler)
    set(CMAKE_CXX_COMPILER "${bailey_compiler}" CACHE FILEPATH "C++ compiler")
  endif()
endif()

# Also called by the installed package, whose users have no more of Bailey than that: an argument is a sentence for others.
function(bailey_require_fit_compiler)
  string(CONCAT advice "Install one (Debian 12: apt-get install clang-19; Debian 13: apt-get install g++) and configure "
                       "again, in a fresh build folder; Debian 12 also needs -DCMAKE_CXX_COMPILER=clang++-19. ${ARGN}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles C++ coroutines silently; Bailey needs Clang 18 or "
                        "newer, or GCC 14 or newer. ${advice}")
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 18)
    message(FATAL_ERROR "Clang ${CMAKE_CXX_COMPILER_VERSION} is too old: Bailey needs Clang 18 or newer, or GCC 14 or "
                        "newer. ${advice}")
  elseif(NOT CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang)$")
    message(WARNING "Bailey is tested with Clang 18+ and GCC 14+; ${CMAKE_CXX_COMPILER_ID} is unknown to it.")
  endif()
endfunction()
