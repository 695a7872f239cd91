# bailey_module(NAME
#   SOURCES  a.cpp b.cpp            explicit, no globbing
#   USES     base http              the modules it includes, all above it in the module table
#   LINKS    PostgreSQL::PostgreSQL libraries only this module's sources see
#   TESTS    a_test.cpp b_test.cpp  unit tests, side by side with the sources; one program a module: NAME_test
#   THREADS  c_test.cpp)            those of them in which threads share something, where most do not: NAME_threads_test
#
# Makes the library bailey_NAME, known as bailey::NAME, and its test programs.
include(GoogleTest)

function(bailey_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LINKS;TESTS;THREADS;TEST_LINKS" ${ARGN})
  add_library(bailey_${name} STATIC ${arg_SOURCES})
  add_library(bailey::${name} ALIAS bailey_${name})
  set_target_properties(bailey_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(bailey_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM arg_USES PREPEND bailey:: OUTPUT_VARIABLE uses)
  target_link_libraries(bailey_${name} PUBLIC ${uses} bailey::asio Boost::json
                        PRIVATE $<BUILD_INTERFACE:bailey_options> ${arg_LINKS})
  bailey_precompile(bailey_${name})
  if(BAILEY_FUZZ)  # what the fuzzer sees of a run; tests, which nobody fuzzes, take a fifth longer to compile with it
    target_compile_options(bailey_${name}
      PRIVATE -fsanitize-coverage=inline-8bit-counters,pc-table,indirect-calls,trace-cmp)
  endif()
  if(BAILEY_TESTS AND arg_TESTS)
    bailey_test(${name}_test SOURCES ${arg_TESTS} LINKS bailey::${name} ${arg_TEST_LINKS} ${arg_LINKS})
    if(arg_THREADS)
      bailey_test(${name}_threads_test SOURCES ${arg_THREADS} LINKS bailey::${name} ${arg_TEST_LINKS} ${arg_LINKS})
    endif()
  endif()
endfunction()

# bailey_test(NAME SOURCES … LINKS … LABELS …): a GoogleTest program, each of its tests known to ctest. One that brings a
# PostgreSQL, and starts it once for all its tests, is known as a whole: a server for each test costs far more than the test.
# There is none where BAILEY_TEST_PROGRAMS does not name it.
function(bailey_test name)
  if(NOT BAILEY_TEST_PROGRAMS STREQUAL "all" AND NOT name IN_LIST BAILEY_TEST_PROGRAMS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE bailey_options ${arg_LINKS} GTest::gmock GTest::gtest_main)
  if(arg_LINKS MATCHES "bailey::(web|guard|graphql)")
    bailey_precompile(${name} web_tests)
  else()
    bailey_precompile(${name} tests)
  endif()
  set(labels "${arg_LABELS};unit")
  if(arg_LINKS MATCHES "bailey_test_(postgres|stack)")
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 600)
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES
                         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTIES LABELS "${labels}" TIMEOUT 120)
  endif()
endfunction()

# bailey_refused(NAME SENTENCE…): the cases of the module's refused.cpp, numbered from 1 as REFUSED. They must not
# compile, and say the sentence. What they include of ours is read once, before the first of them that ctest runs, instead of by
# each: seven eighths of their time.
function(bailey_refused name)
  if(NOT BAILEY_TESTS)
    return()
  endif()
  set(header ${CMAKE_CURRENT_BINARY_DIR}/refused.hpp)
  set(compile ${CMAKE_CXX_COMPILER} -std=c++23 -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR})
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/refused.cpp includes REGEX "^#include <bailey/")
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT ${header} CONTENT "${includes}\n")
  add_test(NAME Refused.${name}.precompiled COMMAND ${compile} -x c++-header ${header} -o ${header}.gch)
  set_tests_properties(Refused.${name}.precompiled PROPERTIES FIXTURES_SETUP refused.${name} TIMEOUT 120)
  set(case 0)
  foreach(sentence IN LISTS ARGN)
    math(EXPR case "${case} + 1")
    add_test(NAME Refused.${name}.${case}
             COMMAND ${compile} -fsyntax-only -DREFUSED=${case} -include ${header} ${CMAKE_CURRENT_SOURCE_DIR}/refused.cpp)
    set_tests_properties(Refused.${name}.${case} PROPERTIES PASS_REGULAR_EXPRESSION "${sentence}" TIMEOUT 120
                         FIXTURES_REQUIRED refused.${name})
  endforeach()
endfunction()
