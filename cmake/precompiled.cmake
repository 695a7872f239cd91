# The headers nearly every source needs and that cost seconds to read, compiled once for all targets.
#
# Not by CMake's target_precompile_headers: that names the header by absolute path, in a form that ccache cannot follow, so
# that no source which uses it is ever found in the cache. Here the name is relative to the build folder, where the
# compiler runs. The precompiled file itself holds the clone's path and is made by each clone; ccache knows it by a checksum
# of what the headers say instead, and so another clone on the same machine builds all else from the cache.
if(BAILEY_PCH)
  set(bailey_pch pch/pch.hpp)   # GCC and Clang both find pch/pch.hpp.gch for `-include pch/pch.hpp`
  set(pch_header ${PROJECT_SOURCE_DIR}/cmake/pch.hpp)
  set(pch_file ${PROJECT_BINARY_DIR}/${bailey_pch}.gch)
  set_source_files_properties(${pch_header} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++-header")
  add_library(bailey_pch OBJECT ${pch_header})
  set_target_properties(bailey_pch PROPERTIES CXX_COMPILER_LAUNCHER "")
  target_link_libraries(bailey_pch PRIVATE bailey_options bailey::asio Boost::json)
  add_custom_command(OUTPUT ${pch_file}
                     COMMAND ${CMAKE_CXX_COMPILER} -std=c++23 -x c++ -E -dD ${pch_header} -o ${pch_file}.text
                     # Without the lines that say which line of which file comes next.
                     COMMAND sh -c "grep -v '^# ' ${bailey_pch}.gch.text | sha256sum > ${bailey_pch}.gch.sum"
                     COMMAND ${CMAKE_COMMAND} -E rm ${pch_file}.text
                     COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_OBJECTS:bailey_pch> ${pch_file}
                     DEPENDS $<TARGET_OBJECTS:bailey_pch> WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
  add_custom_target(bailey_pch_file DEPENDS ${pch_file})
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
