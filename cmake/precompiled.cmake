# The headers nearly every source needs and that cost seconds to read, compiled once for all targets; once more with those of
# every test, and with those of every test of an app.
#
# Not by CMake's target_precompile_headers: that names the header by absolute path, in a form that ccache cannot follow, so
# that no source which uses it is ever found in the cache. Here the name is relative to the build folder, where the
# compiler runs. The precompiled file itself holds the clone's path and is made by each clone; ccache knows it by a checksum
# of what the headers say instead, and so another clone on the same machine builds all else from the cache.

# bailey_precompiled_header(NAME LIBRARIES…): makes pch/NAME.hpp.gch of cmake/NAME.hpp.
function(bailey_precompiled_header name)
  set(header ${PROJECT_SOURCE_DIR}/cmake/${name}.hpp)
  set(file ${PROJECT_BINARY_DIR}/pch/${name}.hpp.gch)
  # Clang makes what the headers' templates are made into there and then, and not in every source.
  set_source_files_properties(${header} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS
                              "-x;c++-header;$<$<CXX_COMPILER_ID:Clang>:-fpch-instantiate-templates>")
  add_library(bailey_${name} OBJECT ${header})
  set_target_properties(bailey_${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  target_include_directories(bailey_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(bailey_${name} PRIVATE bailey_options bailey::asio Boost::json ${ARGN})
  set(include_path "$<TARGET_PROPERTY:bailey_${name},INCLUDE_DIRECTORIES>")
  add_custom_command(OUTPUT ${file}
                     COMMAND ${CMAKE_CXX_COMPILER} -std=c++23 "-I$<JOIN:${include_path},;-I>" -x c++ -E -dD ${header} -o ${file}.text
                     # Without the lines that say which line of which file comes next.
                     COMMAND sh -c "grep -v '^# ' pch/${name}.hpp.gch.text | sha256sum > pch/${name}.hpp.gch.sum"
                     COMMAND ${CMAKE_COMMAND} -E rm ${file}.text
                     COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_OBJECTS:bailey_${name}> ${file}
                     DEPENDS $<TARGET_OBJECTS:bailey_${name}> WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
                     VERBATIM COMMAND_EXPAND_LISTS)
  add_custom_target(bailey_${name}_file DEPENDS ${file})
endfunction()

if(BAILEY_PCH)
  bailey_precompiled_header(pch)
  if(BAILEY_TESTS)
    bailey_precompiled_header(tests GTest::gmock)
    bailey_precompiled_header(web_tests GTest::gmock)
  endif()
endif()

# bailey_precompile(TARGET [NAME]): compiles the target's sources with the precompiled headers: pch, if none is named.
function(bailey_precompile target)
  if(NOT BAILEY_PCH)
    return()
  endif()
  set(name pch)
  if(ARGC GREATER 1)
    set(name ${ARGV1})
  endif()
  target_compile_options(${target} PRIVATE -Winvalid-pch -include pch/${name}.hpp)
  add_dependencies(${target} bailey_${name}_file)
  get_target_property(sources ${target} SOURCES)
  set_property(SOURCE ${sources} TARGET_DIRECTORY ${target} APPEND PROPERTY OBJECT_DEPENDS
               ${PROJECT_BINARY_DIR}/pch/${name}.hpp.gch)
endfunction()
