# clang++ with libFuzzer and the sanitizers' runtimes.
#   CLANG_FUZZER_COMPILER  the compiler

find_program(CLANG_FUZZER_COMPILER NAMES clang++ clang++-14)
mark_as_advanced(CLANG_FUZZER_COMPILER)

if(CLANG_FUZZER_COMPILER AND NOT CLANG_FUZZER_WORKS)
  set(probe ${CMAKE_BINARY_DIR}/CMakeFiles/clang_fuzzer_probe.cpp)
  file(WRITE ${probe} "extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }\n")
  execute_process(
    COMMAND ${CLANG_FUZZER_COMPILER} -fsanitize=fuzzer,address,undefined ${probe} -o ${probe}.out
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed EQUAL 0)
    set(CLANG_FUZZER_WORKS TRUE CACHE INTERNAL "clang++ links with libFuzzer")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ClangFuzzer REQUIRED_VARS CLANG_FUZZER_COMPILER CLANG_FUZZER_WORKS)
