# harness_layer(<folder> <arguments of target_link_libraries>): one layer of the program.
# A layer is a folder: all its sources, except main.cpp, become the library harness::<folder>.
function(harness_layer folder)
  get_filename_component(name ${folder} NAME)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(harness_${name} STATIC ${sources})
  add_library(harness::${name} ALIAS harness_${name})
  # The kernels of two instruction sets have the same names, so they are compiled one by one.
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "_avx(2|512)\\.cpp$")
  set_source_files_properties(${kernels} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(harness_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(harness_${name} PRIVATE -Wall -Wextra -Wshadow ${HARNESS_WERROR_FLAG})
  target_link_libraries(harness_${name} ${ARGN})
endfunction()

# harness_torch_pch(<target>): compiles <target> with the shared precompiled header of LibTorch.
function(harness_torch_pch target)
  if(NOT TARGET harness_torch_pch)
    file(WRITE ${CMAKE_BINARY_DIR}/torch_pch.cpp "")
    add_library(harness_torch_pch OBJECT ${CMAKE_BINARY_DIR}/torch_pch.cpp)
    target_link_libraries(harness_torch_pch PUBLIC LibTorch::torch fmt::fmt)
    target_compile_options(harness_torch_pch PRIVATE -Wall -Wextra -Wshadow ${HARNESS_WERROR_FLAG})
    target_precompile_headers(harness_torch_pch PRIVATE <torch/torch.h> <nlohmann/json.hpp>)
  endif()
  target_precompile_headers(${target} REUSE_FROM harness_torch_pch)
endfunction()

# harness_build_info(<target>): adds build_info(), which every build updates to the commit.
function(harness_build_info target)
  set(output ${CMAKE_BINARY_DIR}/build_info.cpp)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}" flags)
  add_custom_target(harness_build_info BYPRODUCTS ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUTPUT=${output}
            -DVERSION=${PROJECT_VERSION} "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
            "-DFLAGS=${flags}" -DBUILD_TYPE=${CMAKE_BUILD_TYPE}
            -P ${CMAKE_SOURCE_DIR}/ci/cmake/BuildInfo.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_dependencies(${target} harness_build_info)
endfunction()
