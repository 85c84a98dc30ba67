# Language level, floating-point rules and warnings; every target of the tree gets them.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo" FORCE)
endif()

# Contraction into fused multiply-add would make result bits depend on the machine the compiler aims at.
# Asserts of the simulator (SIM_ASSERT) do not depend on NDEBUG: they stay on in release builds.
add_compile_options(-ffp-contract=off -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_compile_definitions(_DEFAULT_SOURCE _POSIX_C_SOURCE=200809L)

# The list is a variable so that tests/house/warnings.sh can prove that each flag is in force.
set(PRIMESTORM_WARNINGS
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    -Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition -Wredundant-decls
    -Wformat=2 -Wundef -Wvla -Wcast-qual -Wpointer-arith -Wwrite-strings -Wswitch)
add_compile_options(${PRIMESTORM_WARNINGS})

option(PRIMESTORM_WERROR "Warnings are errors" OFF)
if(PRIMESTORM_WERROR)
    add_compile_options(-Werror)
endif()
