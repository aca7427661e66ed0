# harness-mat, which reads MAT files for harness/data/mat_table.cpp.
add_executable(harness-mat matlab/main.cpp)
target_compile_options(harness-mat PRIVATE -Wall -Wextra -Wshadow ${HARNESS_WERROR_FLAG})
target_link_libraries(harness-mat PRIVATE Matio::Matio ZLIB::ZLIB nlohmann_json::nlohmann_json fmt::fmt)
install(TARGETS harness-mat DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/harness)

# Test programs are in other folders, so the path of the built program is compiled in.
add_dependencies(harness_data harness-mat)
set_source_files_properties(data/mat_table.cpp PROPERTIES
  COMPILE_DEFINITIONS "HARNESS_MAT_BUILT=\"$<TARGET_FILE:harness-mat>\"")
