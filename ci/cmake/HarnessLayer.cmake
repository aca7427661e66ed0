# harness_layer(<folder> <arguments of target_link_libraries>): one layer of the program.
# A layer is a folder: all its sources, except main.cpp, become the library harness::<folder>.
function(harness_layer folder)
  get_filename_component(name ${folder} NAME)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(harness_${name} STATIC ${sources})
  add_library(harness::${name} ALIAS harness_${name})
  target_include_directories(harness_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(harness_${name} PRIVATE -Wall -Wextra -Wshadow -Werror)
  target_link_libraries(harness_${name} ${ARGN})
endfunction()

# harness_torch_pch(<target>): compiles <target> with the one precompiled header of LibTorch.
function(harness_torch_pch target)
  if(NOT TARGET harness_torch_pch)
    file(WRITE ${CMAKE_BINARY_DIR}/torch_pch.cpp "")
    add_library(harness_torch_pch OBJECT ${CMAKE_BINARY_DIR}/torch_pch.cpp)
    target_link_libraries(harness_torch_pch PUBLIC LibTorch::torch fmt::fmt)
    target_compile_options(harness_torch_pch PRIVATE -Wall -Wextra -Wshadow -Werror)
    target_precompile_headers(harness_torch_pch PRIVATE <torch/torch.h> <nlohmann/json.hpp>)
  endif()
  target_precompile_headers(${target} REUSE_FROM harness_torch_pch)
endfunction()
