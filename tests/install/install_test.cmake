# cmake -DBUILD= -DKIND=shared|static|c -DSOURCE= -DWORK= -DCOMPILER= -DLIBDIR= -P install_test.cmake
cmake_minimum_required(VERSION 3.22)
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT code EQUAL 0)
    string(JOIN " " line ${ARGV})
    message(FATAL_ERROR "${line}\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()

set(language CMAKE_CXX)
set(source -std=c++20 ${SOURCE}/main.cpp)
set(package cleanplate)
if(KIND STREQUAL c)
  set(language CMAKE_C)
  set(source -std=c99 ${SOURCE}/main.c)
  set(package cleanplate_c)
elseif(KIND STREQUAL static)
  set(package cleanplate-static)
endif()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G Ninja -DCMAKE_BUILD_TYPE=Release
  "-DCMAKE_PREFIX_PATH=${WORK}/prefix;${PREFIX_PATH}" -D${language}_COMPILER=${COMPILER} -DKIND=${KIND})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(NOT text MATCHES "64x48")
  message(FATAL_ERROR "The consumer said: ${text}")
endif()

# The same by pkg-config.
find_program(PKG_CONFIG pkg-config)
set(ENV{PKG_CONFIG_PATH} ${WORK}/prefix/${LIBDIR}/pkgconfig:$ENV{PKG_CONFIG_PATH})
run(${PKG_CONFIG} --cflags --libs ${package})
string(STRIP "${text}" flags)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${COMPILER} ${source} ${flags} -o ${WORK}/by_pkg_config
  -Wl,-rpath,${WORK}/prefix/${LIBDIR})
run(${WORK}/by_pkg_config)

# None of what this library needs comes into the flags of who links the shared ones.
if(NOT KIND STREQUAL static AND flags MATCHES "avcodec|fmt|png|torch|cudart")
  message(FATAL_ERROR "pkg-config ${package} gives ${flags}")
endif()
