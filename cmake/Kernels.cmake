# Every room's kernels.cpp, compiled once for each instruction set; with CLEANPLATE_CUDA by nvcc too.
# Adds the objects to `objects`.
file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/kernels.cpp)

set(builds baseline)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  list(APPEND builds avx2)
endif()
foreach(build IN LISTS builds)
  set(target cleanplate_kernels_${build})
  add_library(${target} OBJECT ${kernels})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE cleanplate_compile)
  # Nobody looks at floating-point traps, and minding them keeps a division in a branch.
  target_compile_options(${target} PRIVATE
    $<IF:$<CONFIG:Debug>,-O0,-O3> -fno-trapping-math -fno-math-errno)
  list(APPEND objects $<TARGET_OBJECTS:${target}>)
endforeach()
if(TARGET cleanplate_kernels_avx2)
  target_compile_definitions(cleanplate_kernels_avx2 PRIVATE CLEANPLATE_BUILD_AVX2)
  # No -mfma: a fused multiply-add rounds once where the baseline rounds twice.
  target_compile_options(cleanplate_kernels_avx2 PRIVATE
    $<IF:$<CXX_COMPILER_ID:MSVC>,/arch:AVX2,-mavx2>)
endif()

if(CLEANPLATE_CUDA)
  set(grids)
  foreach(kernel IN LISTS kernels)
    cmake_path(GET kernel PARENT_PATH room)
    cmake_path(GET room FILENAME room)
    set(grid ${CMAKE_CURRENT_BINARY_DIR}/kernels/${room}.cu)
    file(CONFIGURE OUTPUT ${grid} CONTENT "#include \"${room}/kernels.cpp\"\n")
    list(APPEND grids ${grid})
  endforeach()
  add_library(cleanplate_kernels_cuda OBJECT ${grids})
  target_include_directories(cleanplate_kernels_cuda PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  set_target_properties(cleanplate_kernels_cuda PROPERTIES
    CUDA_STANDARD 17 CUDA_STANDARD_REQUIRED ON)
  target_compile_options(cleanplate_kernels_cuda PRIVATE
    --fmad=false -Xcompiler=-Wall,-Wextra,-Werror,-ffp-contract=off)
  set_property(GLOBAL PROPERTY CLEANPLATE_CUDA_GRIDS ${grids})
  target_compile_definitions(cleanplate_kernels_baseline PRIVATE CLEANPLATE_WITH_CUDA)
  list(APPEND objects $<TARGET_OBJECTS:cleanplate_kernels_cuda>)
endif()
