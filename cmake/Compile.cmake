# One interface target that all of our own code is compiled with.
add_library(cleanplate_compile INTERFACE)
target_compile_options(cleanplate_compile INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror -ffp-contract=off)
if(CLEANPLATE_SANITIZE)
  target_compile_options(cleanplate_compile INTERFACE
    -fsanitize=${CLEANPLATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(cleanplate_compile INTERFACE -fsanitize=${CLEANPLATE_SANITIZE})
endif()
