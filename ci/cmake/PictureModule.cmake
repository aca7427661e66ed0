# harness-pictures.so decodes the rarer picture formats. It and its libraries are loaded only when
# such a picture is read (harness/data/picture_module.cpp).
add_library(harness-pictures MODULE pictures/decode_picture.cpp)
set_target_properties(harness-pictures PROPERTIES PREFIX "")
target_include_directories(harness-pictures PRIVATE ${CMAKE_SOURCE_DIR})
target_compile_options(harness-pictures PRIVATE -Wall -Wextra -Wshadow ${HARNESS_WERROR_FLAG})
target_link_libraries(harness-pictures PRIVATE OpenCV::imgcodecs OpenCV::core)
install(TARGETS harness-pictures DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/harness)

# Test programs are in other folders, so the path of the built module is compiled in.
add_dependencies(harness_data harness-pictures)
set_source_files_properties(data/picture_module.cpp PROPERTIES
  COMPILE_DEFINITIONS "HARNESS_PICTURES_BUILT=\"${CMAKE_CURRENT_BINARY_DIR}/harness-pictures.so\"")
