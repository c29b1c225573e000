# What is looked for, and for what; docs/dependencies.md says why each.
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3 REQUIRED)
find_package(PNG REQUIRED)
find_package(PkgConfig REQUIRED)
# A user's own FFmpeg: -DCMAKE_PREFIX_PATH=… or PKG_CONFIG_PATH.
pkg_check_modules(AV REQUIRED IMPORTED_TARGET libavformat>=59 libavcodec>=59 libavutil>=57)
if(CLEANPLATE_INFER)
  find_package(Libtorch 1.13)
  if(NOT Libtorch_FOUND)
    message(FATAL_ERROR
      "libtorch was not found. Install libtorch-dev, or name the folder with its include/ and lib/ by "
      "-DCLEANPLATE_TORCH_PREFIX=…, or build without networks by -DCLEANPLATE_INFER=OFF.")
  endif()
endif()
