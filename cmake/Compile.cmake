# One interface target that all of our own code is compiled with.
add_library(cleanplate_compile INTERFACE)
target_compile_options(cleanplate_compile INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms on "text" + std::string, GCC bug 105651.
  target_compile_options(cleanplate_compile INTERFACE -Wno-restrict)
endif()
if(CLEANPLATE_SANITIZE)
  target_compile_options(cleanplate_compile INTERFACE
    -fsanitize=${CLEANPLATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cleanplate_compile INTERFACE -fsanitize=${CLEANPLATE_SANITIZE})
endif()
