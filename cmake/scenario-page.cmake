# primestorm-scenario.5: a hand-written head, and the keys as the program lists them.
execute_process(COMMAND ${PROGRAM} keys --format man OUTPUT_VARIABLE keys RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "${PROGRAM} keys --format man failed: ${failed}")
endif()
file(READ "${HEAD}" head)
file(WRITE "${PAGE}" "${head}${keys}")
