# LibTorch::torch: the CPU libraries of LibTorch 2.x and its headers, as SYSTEM.
# The wheel's own CMake package requires a CUDA toolkit even on a host without a GPU. Instead, the
# program opens the CUDA library at run time if it is there (harness/train/device.cpp).
# LIBTORCH_CPU_FILES: what an installed worker needs of it on a host without a GPU.
if(NOT LIBTORCH_ROOT)
  file(GLOB LIBTORCH_CANDIDATES ${CMAKE_SOURCE_DIR}/.deps/venv/lib/python3*/site-packages/torch)
  list(GET LIBTORCH_CANDIDATES 0 LIBTORCH_DEFAULT)
  set(LIBTORCH_ROOT ${LIBTORCH_DEFAULT} CACHE PATH "Folder of LibTorch 2.x" FORCE)
endif()
find_path(LIBTORCH_INCLUDE_DIR torch/torch.h NO_DEFAULT_PATH
          PATHS ${LIBTORCH_ROOT}/include/torch/csrc/api/include)
find_library(LIBTORCH_CPU_LIBRARY torch_cpu NO_DEFAULT_PATH PATHS ${LIBTORCH_ROOT}/lib)
find_library(LIBTORCH_C10_LIBRARY c10 NO_DEFAULT_PATH PATHS ${LIBTORCH_ROOT}/lib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LIBTORCH_CPU_LIBRARY LIBTORCH_C10_LIBRARY LIBTORCH_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run ci/setup, or point -DLIBTORCH_ROOT= at a LibTorch 2.x")
if(LibTorch_FOUND AND NOT TARGET LibTorch::torch)
  # The libraries that libtorch_cpu.so loads are beside it and in the wheels of the CUDA runtime.
  file(GLOB LIBTORCH_NVIDIA_DIRS ${LIBTORCH_ROOT}/../nvidia/*/lib)
  file(GLOB LIBTORCH_CPU_FILES ${LIBTORCH_ROOT}/lib/libgomp*.so* ${LIBTORCH_ROOT}/../nvidia/*/lib/libcudart.so.*
       ${LIBTORCH_ROOT}/../nvidia/*/lib/libcupti.so.*)
  list(APPEND LIBTORCH_CPU_FILES ${LIBTORCH_CPU_LIBRARY} ${LIBTORCH_C10_LIBRARY})
  # The wheel contains headers of another fmt version than the one we link: ours must come first.
  find_path(FMT_INCLUDE_DIR fmt/core.h)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/headers_before_libtorch)
  file(CREATE_LINK ${FMT_INCLUDE_DIR}/fmt ${CMAKE_BINARY_DIR}/headers_before_libtorch/fmt SYMBOLIC)
  add_library(LibTorch::torch INTERFACE IMPORTED)
  target_include_directories(LibTorch::torch SYSTEM INTERFACE
    ${CMAKE_BINARY_DIR}/headers_before_libtorch ${LIBTORCH_ROOT}/include ${LIBTORCH_INCLUDE_DIR})
  # Without OpenMP, at::parallel_for() in our sources uses one thread only.
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(LibTorch::torch INTERFACE ${LIBTORCH_CPU_LIBRARY} ${LIBTORCH_C10_LIBRARY}
                        OpenMP::OpenMP_CXX)
  foreach(dir ${LIBTORCH_NVIDIA_DIRS})
    target_link_options(LibTorch::torch INTERFACE -Wl,-rpath-link,${dir})
  endforeach()
endif()
