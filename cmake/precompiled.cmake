# The headers nearly every source needs and that cost seconds to read, compiled once for all targets.
#
# Not by CMake's target_precompile_headers: that names the header by absolute path, in a form that ccache cannot follow, so
# that no source which uses it is ever found in the cache. Here the name is relative to the build folder, where the
# compiler runs, and another clone on the same machine builds from the cache.
if(BAILEY_PCH)
  set(bailey_pch pch/pch.hpp)   # as both GCC and Clang find pch/pch.hpp.gch for `-include pch/pch.hpp`
  set_source_files_properties(${PROJECT_SOURCE_DIR}/cmake/pch.hpp PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++-header")
  add_library(bailey_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch.hpp)
  target_link_libraries(bailey_pch PRIVATE bailey_options bailey::asio Boost::json)
  add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/${bailey_pch}.gch
                     COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_OBJECTS:bailey_pch> ${PROJECT_BINARY_DIR}/${bailey_pch}.gch
                     DEPENDS $<TARGET_OBJECTS:bailey_pch> VERBATIM)
  add_custom_target(bailey_pch_file DEPENDS ${PROJECT_BINARY_DIR}/${bailey_pch}.gch)
endif()

# bailey_precompile(TARGET): compiles the target's sources with the precompiled headers.
function(bailey_precompile target)
  if(NOT BAILEY_PCH)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Winvalid-pch -include ${bailey_pch})
  add_dependencies(${target} bailey_pch_file)
  get_target_property(sources ${target} SOURCES)
  set_property(SOURCE ${sources} TARGET_DIRECTORY ${target} APPEND PROPERTY OBJECT_DEPENDS
               ${PROJECT_BINARY_DIR}/${bailey_pch}.gch)
endfunction()
