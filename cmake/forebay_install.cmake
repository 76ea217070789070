# cmake --install: headers, libraries, the CMake package with one target file a component, and pkg-config files.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/forebay)

set(FOREBAY_COMPONENTS core)
if(TARGET forebay_soci)
  list(APPEND FOREBAY_COMPONENTS soci)
endif()
if(TARGET forebay_testing)
  list(APPEND FOREBAY_COMPONENTS testing)
endif()

foreach(component IN LISTS FOREBAY_COMPONENTS)
  install(TARGETS forebay_${component} EXPORT forebay-${component} FILE_SET HEADERS)
  install(EXPORT forebay-${component} NAMESPACE forebay:: DESTINATION ${package_dir}
    FILE forebay-${component}-targets.cmake)
endforeach()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/forebay-config.cmake.in
  ${PROJECT_BINARY_DIR}/forebay-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/forebay-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/forebay-config.cmake
  ${PROJECT_BINARY_DIR}/forebay-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindSOCI.cmake
  DESTINATION ${package_dir})

# The prefix is told relative to the .pc file, so that `cmake --install --prefix` may name any. A static library leaves it
# to its user to link what it needs inside; a shared one has done so. Neither asks for `pkg-config --static`.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH FOREBAY_PC_TO_PREFIX /${pkgconfig_dir} /)
if(BUILD_SHARED_LIBS)
  set(FOREBAY_PC_LIBS "")
  set(FOREBAY_PC_LIBS_PRIVATE "\${inside}")
else()
  set(FOREBAY_PC_LIBS "\${inside}")
  set(FOREBAY_PC_LIBS_PRIVATE "")
endif()
foreach(component IN LISTS FOREBAY_COMPONENTS)
  set(template ${PROJECT_SOURCE_DIR}/cmake/forebay-${component}.pc.in)
  if(EXISTS ${template})
    configure_file(${template} ${PROJECT_BINARY_DIR}/forebay-${component}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/forebay-${component}.pc DESTINATION ${pkgconfig_dir})
  endif()
endforeach()
