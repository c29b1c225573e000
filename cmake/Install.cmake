# include/, the libraries, the network library, find_package(cleanplate) and pkg-config; in the parts
# library, dev, tools and networks, which cmake/Package.cmake makes packages of.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cleanplate)

install(DIRECTORY include/cleanplate DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
install(FILES capi/include/cleanplate.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
# An export set each: who links the shared library need not have FFmpeg's and fmt's headers.
foreach(kind shared static c)
  install(TARGETS cleanplate_${kind} EXPORT cleanplate_${kind}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT library)
  install(EXPORT cleanplate_${kind} NAMESPACE cleanplate:: FILE cleanplate-${kind}.cmake
    DESTINATION ${package_dir} COMPONENT dev)
endforeach()
if(TARGET cleanplate_infer_torch)
  install(TARGETS cleanplate_infer_torch LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT networks)
endif()
if(TARGET cleanplate_cli)
  install(TARGETS cleanplate_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
endif()

configure_package_config_file(cmake/cleanplateConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/cleanplateConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT dev)

if(CLEANPLATE_CUDA)
  set(CLEANPLATE_PC_CUDA " -L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -lrt")
endif()
file(RELATIVE_PATH CLEANPLATE_PC_TO_PREFIX
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
# One for each library, as pkg-config --static would ask for every library below FFmpeg as well.
foreach(name cleanplate cleanplate-static cleanplate_c)
  configure_file(cmake/${name}.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
endforeach()
