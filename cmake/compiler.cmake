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

# Release: objects hold, beside their code, what the linker needs to optimise a program as a whole: 6 % off a storm,
# the same bits. Only programs that ask for it take the time; from the installed library it is stripped.
set(PRIMESTORM_WHOLE OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(PRIMESTORM_WHOLE ON)
    add_compile_options(-flto=auto -ffat-lto-objects)
    add_link_options(-fno-lto)
endif()
function(primestorm_optimise_as_a_whole target)
    if(PRIMESTORM_WHOLE)
        target_link_options(${target} PRIVATE -flto=auto)
    endif()
endfunction()

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
