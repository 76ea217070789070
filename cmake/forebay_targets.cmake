# What every target of the project has in common. Nothing here is global or reaches a user of the library.

# C++20, and warnings, for one of our own targets.
function(forebay_target_options target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(PROJECT_IS_TOP_LEVEL OR FOREBAY_WERROR)
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
      -Wformat=2 -Wundef -Wextra-semi
      # gcc's -Wshadow also refuses a parameter named like a type elsewhere; clang's does not.
      $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local -Wduplicated-cond -Wlogical-op -Wsuggest-override>
      # gcc 12 sees overlaps in std::string where there are none (GCC bug 105651).
      $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
      $<$<NOT:$<CXX_COMPILER_ID:GNU>>:-Wshadow>
      $<$<BOOL:${FOREBAY_WERROR}>:-Werror>)
  endif()
endfunction()

# A library of the project: target forebay_<component>, used and exported as forebay::<component>.
#   forebay_library(component [STATIC] SOURCES file... HEADERS file...)
# The public headers are paths beneath include/; they are installed with the component, and each must compile alone.
function(forebay_library component)
  cmake_parse_arguments(PARSE_ARGV 1 arg "STATIC" "" "SOURCES;HEADERS")
  set(target forebay_${component})
  set(kind "")
  if(arg_STATIC)
    set(kind STATIC)
  endif()
  set(headers ${arg_HEADERS})
  list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/include/)

  add_library(${target} ${kind} ${arg_SOURCES})
  add_library(forebay::${component} ALIAS ${target})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(${target} PUBLIC cxx_std_20)
  forebay_target_options(${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${component}
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION}
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    INSTALL_RPATH "$ORIGIN")  # the components lie side by side
endfunction()
