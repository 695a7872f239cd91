# What the installed package says of the compiler that -D describes.
include(${CMAKE_CURRENT_LIST_DIR}/../../cmake/compiler_check.cmake)
bailey_require_fit_compiler()
