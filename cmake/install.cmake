# What `cmake --install` puts where, so that another project says find_package(bailey) and links bailey::bailey.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(libraries base model runtime http jwt pg query web supabase guard)
add_library(bailey_bailey INTERFACE)          # everything an API needs, as one target
add_library(bailey::bailey ALIAS bailey_bailey)
set_target_properties(bailey_bailey PROPERTIES EXPORT_NAME bailey)
set_target_properties(bailey_asio PROPERTIES EXPORT_NAME asio)
target_link_libraries(bailey_bailey INTERFACE bailey::guard)
target_compile_features(bailey_base PUBLIC cxx_std_23)

list(TRANSFORM libraries PREPEND bailey_ OUTPUT_VARIABLE library_targets)
install(TARGETS ${library_targets} bailey_asio bailey_bailey EXPORT bailey_targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS bailey RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/bailey DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} PATTERN stack EXCLUDE)
install(EXPORT bailey_targets NAMESPACE bailey:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bailey)
configure_package_config_file(cmake/bailey-config.cmake.in ${PROJECT_BINARY_DIR}/bailey-config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bailey)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bailey-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/bailey-config.cmake ${PROJECT_BINARY_DIR}/bailey-config-version.cmake
              cmake/compiler_check.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bailey)
