# Instrumented builds. A list, as in -DPRIMESTORM_SANITIZE="address;undefined".

set(PRIMESTORM_SANITIZE "" CACHE STRING "Sanitizers: address;undefined or thread")
if(PRIMESTORM_SANITIZE)
    list(JOIN PRIMESTORM_SANITIZE "," names)
    add_compile_options(-fsanitize=${names} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${names})
endif()

option(PRIMESTORM_COVERAGE "Collect coverage with gcov" OFF)
if(PRIMESTORM_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
