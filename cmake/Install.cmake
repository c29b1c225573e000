# include/, the two libraries, the network library, find_package(cleanplate) and pkg-config.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cleanplate)

install(DIRECTORY include/cleanplate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# An export set each: who links the shared library need not have FFmpeg's and fmt's headers.
foreach(kind shared static)
  install(TARGETS cleanplate_${kind} EXPORT cleanplate_${kind}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(EXPORT cleanplate_${kind} NAMESPACE cleanplate:: FILE cleanplate-${kind}.cmake
    DESTINATION ${package_dir})
endforeach()
if(TARGET cleanplate_infer_torch)
  install(TARGETS cleanplate_infer_torch LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET cleanplate_cli)
  install(TARGETS cleanplate_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(cmake/cleanplateConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfigVersion.cmake DESTINATION ${package_dir})

if(CLEANPLATE_CUDA)
  set(CLEANPLATE_PC_CUDA " -L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -lrt")
endif()
file(RELATIVE_PATH CLEANPLATE_PC_TO_PREFIX
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
# Two files, as pkg-config --static would ask for every library below FFmpeg as well.
foreach(name cleanplate cleanplate-static)
  configure_file(cmake/${name}.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
