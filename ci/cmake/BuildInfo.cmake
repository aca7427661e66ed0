# Runs at every build: writes build_info.cpp when the commit or the uncommitted changes differ from
# the last build; else the file stays untouched and nothing is compiled.
function(git_output variable)
  execute_process(COMMAND git ${ARGN} WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE output
                  ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# Tests are not part of the program: a change in them must not make it link again.
set(PROGRAM . ":(exclude)tests")

# read_patch(<variable>): the changes as the contents of a C++ string literal. Every byte is
# escaped, so that any file content is valid.
function(read_patch variable)
  set(most_bytes 1048576)
  set(diff_file ${OUTPUT}.diff)
  execute_process(COMMAND git -c core.quotepath=on ls-files --others --exclude-standard -- ${PROGRAM}
                  COMMAND sed "s/^/new file: /"
                  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_FILE ${OUTPUT}.new ERROR_QUIET)
  execute_process(COMMAND git diff HEAD --no-color --no-ext-diff --no-textconv -- ${PROGRAM}
                  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_FILE ${diff_file} ERROR_QUIET)
  set(hex "")
  foreach(part ${OUTPUT}.new ${diff_file})
    file(READ ${part} part_hex LIMIT ${most_bytes} HEX)
    string(APPEND hex "${part_hex}")
  endforeach()
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  file(SIZE ${diff_file} diff_bytes)
  if(bytes GREATER most_bytes OR diff_bytes GREATER most_bytes)
    math(EXPR most_digits "2 * ${most_bytes}")
    string(SUBSTRING "${hex}" 0 ${most_digits} hex)
    string(HEX "cut after ${most_bytes} bytes; git diff prints ${diff_bytes}\n" note)
    string(PREPEND hex "${note}")
  endif()
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  set(${variable} "${escaped}" PARENT_SCOPE)
endfunction()

git_output(COMMIT rev-parse HEAD)
git_output(CHANGES status --porcelain -- ${PROGRAM})
set(DIRTY false)
set(PATCH "")
if(COMMIT AND CHANGES)
  set(DIRTY true)
  read_patch(PATCH)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/build_info.cpp.in ${OUTPUT} @ONLY)
