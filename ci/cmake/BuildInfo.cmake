# Run at every build: writes build_info.cpp anew when the commit, or whether there are changes, is
# another than last time; else the file stays untouched and nothing is compiled.
function(git_output variable)
  execute_process(COMMAND git ${ARGN} WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE output
                  ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()
git_output(COMMIT rev-parse HEAD)
git_output(CHANGES status --porcelain --untracked-files=no)
set(DIRTY false)
if(CHANGES)
  set(DIRTY true)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/build_info.cpp.in ${OUTPUT} @ONLY)
