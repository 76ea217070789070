# Parts of the build that can be left out. Each has an option FOREBAY_<NAME>:
#   AUTO  on when what it needs is there; otherwise off, and the reason is printed
#   ON    on, and an error that names the Debian package when something is missing
#   OFF   off
# The outcome is in FOREBAY_HAS_<NAME>.

# forebay_feature(NAME description [TOP_LEVEL_ONLY] [STATIC_ONLY reason] [FEATURES other...] [PACKAGES package:debian...])
#   TOP_LEVEL_ONLY  AUTO is off when Forebay is part of another project
#   STATIC_ONLY     cannot be on together with BUILD_SHARED_LIBS
#   FEATURES        other features that must be on
#   PACKAGES        what find_package must find, each with the Debian package that has it
function(forebay_feature name description)
  cmake_parse_arguments(PARSE_ARGV 2 arg "TOP_LEVEL_ONLY" "STATIC_ONLY" "FEATURES;PACKAGES")
  set(FOREBAY_${name} AUTO CACHE STRING "Build ${description}: AUTO, ON or OFF")
  set_property(CACHE FOREBAY_${name} PROPERTY STRINGS AUTO ON OFF)
  set(wanted ${FOREBAY_${name}})

  if(wanted STREQUAL "AUTO" AND arg_TOP_LEVEL_ONLY AND NOT PROJECT_IS_TOP_LEVEL)
    set(reason "part of another project")
  elseif(wanted OR wanted STREQUAL "AUTO")
    forebay_first_obstacle(reason "${arg_STATIC_ONLY}" "${arg_FEATURES}" "${arg_PACKAGES}")
    if(reason AND NOT wanted STREQUAL "AUTO")
      message(FATAL_ERROR "FOREBAY_${name}=${wanted}, but ${reason}")
    endif()
  else()
    set(reason "FOREBAY_${name}=${wanted}")
  endif()

  if(reason)
    set(has FALSE)
    set(state "off (${reason})")
  else()
    set(has TRUE)
    set(state "on")
  endif()
  set(FOREBAY_HAS_${name} ${has} PARENT_SCOPE)
  set_property(GLOBAL APPEND PROPERTY FOREBAY_SUMMARY "${description}: ${state}")
endfunction()

# What keeps a feature from being built, in words; empty when nothing does.
function(forebay_first_obstacle out static_only features packages)
  set(obstacle "")
  if(static_only AND BUILD_SHARED_LIBS)
    set(obstacle "${static_only}")
  endif()
  foreach(feature IN LISTS features)
    if(NOT obstacle AND NOT FOREBAY_HAS_${feature})
      set(obstacle "it needs FOREBAY_${feature}")
    endif()
  endforeach()
  foreach(entry IN LISTS packages)
    if(obstacle)
      break()
    endif()
    string(REPLACE ":" ";" entry ${entry})
    list(GET entry 0 package)
    list(GET entry 1 debian)
    find_package(${package} QUIET)
    if(NOT ${package}_FOUND)
      set(obstacle "${package} was not found (Debian: ${debian})")
    endif()
  endforeach()
  set(${out} "${obstacle}" PARENT_SCOPE)
endfunction()

function(forebay_print_features)
  message(STATUS "Forebay ${PROJECT_VERSION}, ${CMAKE_BUILD_TYPE} build:")
  get_property(lines GLOBAL PROPERTY FOREBAY_SUMMARY)
  foreach(line IN LISTS lines)
    message(STATUS "  ${line}")
  endforeach()
endfunction()
