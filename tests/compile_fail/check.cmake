# Runs one case of forebay_compile_fail: see CMakeLists.txt.
set(ENV{LC_ALL} C)  # quotation marks in messages are plain
set(compile ${COMPILER} -std=c++20 -fsyntax-only -fdiagnostics-color=never -I${INCLUDE} -include ${HEADERS})  # its .gch

execute_process(COMMAND ${compile} -DCORRECT ${FILE} RESULT_VARIABLE result ERROR_VARIABLE errors)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${FILE} does not compile with -DCORRECT:\n${errors}")
endif()

execute_process(COMMAND ${compile} ${FILE} RESULT_VARIABLE result ERROR_VARIABLE errors)
if(result EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles, but must not")
endif()
if(NOT errors MATCHES "${EXPECT}")
  message(FATAL_ERROR "${FILE}: the error does not match '${EXPECT}':\n${errors}")
endif()
string(REGEX MATCHALL "\n" newlines "${errors}")
list(LENGTH newlines lines)
if(lines GREATER MAX_LINES)
  message(FATAL_ERROR "${FILE}: the error has ${lines} lines, more than ${MAX_LINES}:\n${errors}")
endif()
message("${lines} lines of error")
