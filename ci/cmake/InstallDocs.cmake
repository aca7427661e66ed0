# The manual page and the completion scripts, written by the built program itself: it knows its
# options and the names in experiments/. They go where man and the shells look.
set(docs ${CMAKE_BINARY_DIR}/docs)
file(MAKE_DIRECTORY ${docs})
file(GLOB_RECURSE specs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/experiments/*.json)
set(written)
# harness_writes(<file> <folder of the installation> <arguments of harness>...)
function(harness_writes name destination)
  add_custom_command(OUTPUT ${docs}/${name} DEPENDS harness ${specs} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E env HARNESS_EXPERIMENTS=${CMAKE_SOURCE_DIR}/experiments
            $<TARGET_FILE:harness> ${ARGN} > ${docs}/${name})
  set(written ${written} ${docs}/${name} PARENT_SCOPE)
  install(FILES ${docs}/${name} DESTINATION ${destination})
endfunction()
harness_writes(harness.1 ${CMAKE_INSTALL_MANDIR}/man1 man)
harness_writes(harness ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completion bash)
harness_writes(_harness ${CMAKE_INSTALL_DATADIR}/zsh/site-functions completion zsh)
harness_writes(harness.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completion fish)
add_custom_target(docs ALL DEPENDS ${written})
