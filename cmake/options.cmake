# How everything is compiled: standard, warnings, sanitizers, hardening, ccache.
bailey_require_fit_compiler("script/bootstrap installs it for you.")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Programs are compiled as libraries are, so that one precompiled header serves both. They are linked as PIE all the same.
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)
# -g1 keeps backtraces and sanitizer reports readable at a fifth of the objects' size.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(ccache_program ccache)
if(ccache_program AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Sources with precompiled headers are cached only when ccache is told that a changed header is noticed by its content.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_NOHASHDIR=1
      CCACHE_PCH_EXTSUM=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${ccache_program})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(lld_program NAMES ld.lld-19 ld.lld)
  if(lld_program)
    add_link_options(--ld-path=${lld_program})
  endif()
endif()

add_library(bailey_options INTERFACE)
target_compile_options(bailey_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Woverloaded-virtual -Wimplicit-fallthrough
  -fstack-protector-strong -fcf-protection
  # ccache and precompiled headers: without this a precompiled header never hits the cache.
  $<$<CXX_COMPILER_ID:Clang>:-Wshadow -Xclang -fno-pch-timestamp -Wno-undefined-var-template -Wno-missing-designated-field-initializers>
  # GCC's flow analysis reports false positives inside the coroutine frames it makes and deletes, and, optimising, for
  # the sum of two strings.
  $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local -fpch-preprocess -Wno-maybe-uninitialized -Wno-missing-field-initializers
                           -Wno-dangling-reference -Wno-mismatched-new-delete -Wno-array-bounds
                           -Wno-stringop-overread -Wno-stringop-overflow>)
target_compile_definitions(bailey_options INTERFACE
  _GLIBCXX_ASSERTIONS $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
target_link_options(bailey_options INTERFACE -Wl,-z,relro,-z,now)

if(BAILEY_SANITIZE)
  target_compile_options(bailey_options INTERFACE -fsanitize=${BAILEY_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BAILEY_SANITIZE})
endif()
