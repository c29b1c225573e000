# cmake -DABIDIFF= -DABIDW= -DLIBRARY= -DDUMP= -P abi_test.cmake : nothing that a program
# was compiled against has changed since the dump was made.
# A new dump, at a release: cmake -DMAKE=ON … -P abi_test.cmake
cmake_minimum_required(VERSION 3.22)
if(MAKE)
  execute_process(COMMAND ${ABIDW} --exported-interfaces-only --no-show-locs --no-corpus-path
    --no-comp-dir-path --no-elf-needed --out-file ${DUMP} ${LIBRARY} COMMAND_ERROR_IS_FATAL ANY)
  return()
endif()
if(NOT ABIDIFF)
  message("Skipped: abidiff is not here; install abigail-tools to have the ABI compared.")
  return()
endif()
execute_process(COMMAND ${ABIDIFF} --exported-interfaces-only --no-added-syms ${DUMP} ${LIBRARY} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "abidiff gives ${code}:\n${text}")
endif()
message("The ABI holds what was promised.")
