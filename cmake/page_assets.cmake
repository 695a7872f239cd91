# bailey_page_assets(TARGET FOLDER PAGES OWN…): builds the files of FOLDER/assets.txt into the library, compressed as
# script/bootstrap has left them, and our own beside them, for FOLDER/assets.cpp to take in. Where they are not there, the
# pages load them from a CDN, and this says so.
set(BAILEY_DOCS_PAGES ${PROJECT_SOURCE_DIR}/build/docs-pages CACHE PATH "Where script/bootstrap puts what /docs, /redoc and GraphiQL load")

function(bailey_page_assets target what pages)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${what})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/assets.txt)
  file(GLOB present CONFIGURE_DEPENDS ${BAILEY_DOCS_PAGES}/*.gz)
  set(symbols "")
  set(table "")
  set(missing "")
  set(files "")

  macro(embed path)
    list(LENGTH files index)
    list(APPEND files ${path})
    set(symbol "bailey_${what}_asset_${index}")
    string(APPEND symbols "asm(R\"(.pushsection .rodata\n.global ${symbol}\n.hidden ${symbol}\n${symbol}:\n.incbin \"${path}\"\n"
           ".global ${symbol}_end\n.hidden ${symbol}_end\n${symbol}_end:\n.popsection)\");\n"
           "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
    set(bytes "{${symbol}, ${symbol}_end}")
  endmacro()

  file(STRINGS ${folder}/assets.txt lines REGEX "^[^#]")
  foreach(line IN LISTS lines)
    string(REPLACE " " ";" fields "${line}")
    list(GET fields 0 package)
    list(GET fields 1 version)
    list(GET fields 2 path)
    list(GET fields 3 integrity)
    get_filename_component(name ${path} NAME)
    set(bytes "{}")
    if("${BAILEY_DOCS_PAGES}/${name}.${version}.gz" IN_LIST present)
      embed(${BAILEY_DOCS_PAGES}/${name}.${version}.gz)
    else()
      list(APPEND missing ${name})
    endif()
    string(APPEND table "    Embedded{\"${name}\", \"${version}\", true, ${bytes}, \"${integrity}\", "
           "\"https://cdn.jsdelivr.net/npm/${package}@${version}/${path}\"},\n")
  endforeach()
  foreach(name IN LISTS ARGN)
    file(SHA256 ${folder}/${name} digest)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name})
    string(SUBSTRING ${digest} 0 12 version)
    embed(${folder}/${name})
    string(APPEND table "    Embedded{\"${name}\", \"${version}\", false, ${bytes}, \"\", \"\"},\n")
  endforeach()
  if(missing)
    message(STATUS "${pages} will load their scripts from a CDN: script/bootstrap has not put them into "
                   "${BAILEY_DOCS_PAGES}")
  endif()

  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${what}_asset_symbols.inc CONTENT "${symbols}" @ONLY)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${what}_asset_table.inc CONTENT "${table}" @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  set_source_files_properties(${what}/assets.cpp PROPERTIES OBJECT_DEPENDS "${files}")
endfunction()
