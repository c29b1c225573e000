# libtorch from the distribution, an unpacked `torch` wheel or a libtorch archive, without its own
# CMake files: those of the CUDA builds insist on a whole toolkit, of which nothing is used here.
#   CLEANPLATE_TORCH_PREFIX  the folder with include/ and lib/ (in a wheel: …/torch)
#   Libtorch::Libtorch       what the network room links; LIBTORCH_VERSION, LIBTORCH_CUDA
set(CLEANPLATE_TORCH_PREFIX "" CACHE PATH "Folder with libtorch's include/ and lib/; empty: the system's")
if(NOT "${CLEANPLATE_TORCH_PREFIX}" STREQUAL "${LIBTORCH_LOOKED_IN}")
  unset(LIBTORCH_INCLUDE_DIR CACHE)
  foreach(part torch torch_cpu c10 torch_cuda c10_cuda)
    unset(LIBTORCH_${part} CACHE)
  endforeach()
endif()
set(LIBTORCH_LOOKED_IN "${CLEANPLATE_TORCH_PREFIX}" CACHE INTERNAL "")
if(CLEANPLATE_TORCH_PREFIX)
  set(only NO_DEFAULT_PATH)
endif()
find_path(LIBTORCH_INCLUDE_DIR torch/script.h PATHS ${CLEANPLATE_TORCH_PREFIX} PATH_SUFFIXES include ${only})
foreach(part torch torch_cpu c10 torch_cuda c10_cuda)
  find_library(LIBTORCH_${part} ${part} PATHS ${CLEANPLATE_TORCH_PREFIX} PATH_SUFFIXES lib ${only})
endforeach()
mark_as_advanced(LIBTORCH_INCLUDE_DIR LIBTORCH_torch LIBTORCH_torch_cpu LIBTORCH_c10
  LIBTORCH_torch_cuda LIBTORCH_c10_cuda)

foreach(header torch/csrc/api/include/torch/version.h torch/headeronly/version.h)
  if(LIBTORCH_INCLUDE_DIR AND NOT LIBTORCH_VERSION AND EXISTS ${LIBTORCH_INCLUDE_DIR}/${header})
    file(READ ${LIBTORCH_INCLUDE_DIR}/${header} text)
    if(text MATCHES "TORCH_VERSION_MAJOR ([0-9]+)")
      set(major ${CMAKE_MATCH_1})
      string(REGEX MATCH "TORCH_VERSION_MINOR ([0-9]+)" minor "${text}")
      set(LIBTORCH_VERSION ${major}.${CMAKE_MATCH_1})
    endif()
  endif()
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS LIBTORCH_torch_cpu LIBTORCH_torch LIBTORCH_c10 LIBTORCH_INCLUDE_DIR
  VERSION_VAR LIBTORCH_VERSION)

set(LIBTORCH_CUDA OFF)
if(Libtorch_FOUND AND NOT TARGET Libtorch::Libtorch)
  add_library(Libtorch::Libtorch INTERFACE IMPORTED)
  target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE
    ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  set(libraries ${LIBTORCH_torch} ${LIBTORCH_torch_cpu} ${LIBTORCH_c10})
  if(LIBTORCH_torch_cuda AND LIBTORCH_c10_cuda)
    # c10's CUDA headers include the toolkit's.
    find_path(LIBTORCH_TOOLKIT_INCLUDE_DIR cuda_runtime_api.h
      HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES include)
    mark_as_advanced(LIBTORCH_TOOLKIT_INCLUDE_DIR)
    if(LIBTORCH_TOOLKIT_INCLUDE_DIR)
      set(LIBTORCH_CUDA ON)
      list(APPEND libraries ${LIBTORCH_torch_cuda} ${LIBTORCH_c10_cuda})
      target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE ${LIBTORCH_TOOLKIT_INCLUDE_DIR})
      target_compile_definitions(Libtorch::Libtorch INTERFACE CLEANPLATE_TORCH_CUDA=1)
    else()
      message(STATUS "This libtorch has CUDA, but no cuda_runtime_api.h was found: networks on the CPU only")
    endif()
  endif()
  # libtorch_cuda registers its kernels as it is loaded; no symbol of it is asked for.
  # What the libraries need in turn (cuDNN, NCCL, …) is looked for at run time only.
  target_link_libraries(Libtorch::Libtorch INTERFACE
    -Wl,--push-state,--no-as-needed ${libraries} -Wl,--pop-state)
  target_link_options(Libtorch::Libtorch INTERFACE -Wl,--allow-shlib-undefined)
endif()
