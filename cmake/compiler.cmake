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
# Numbers that stand side by side are not put together in pairs: what was written apart and is loaded as one is waited
# for until it is in the cache, as an entry of the calendar, and in a station pairs are more work. 5 % of M/M/1 with a
# station, 2 % of a storm of 500 users. (Loops are turned into vector code all the same.)
add_compile_options(-fno-tree-slp-vectorize)
add_compile_definitions(_DEFAULT_SOURCE _POSIX_C_SOURCE=200809L)

# Release: the objects of the simulator hold, beside their code, what the linker needs to optimise a program as a
# whole: 6 % fewer instructions in a storm, the same bits. Only programs that ask for it take the time, and for the
# others the linker must be told; from the installed library it is stripped. (-fno-lto and -flto in one command is
# -fno-lto. That it is in force is seen by the counts of bench/instructions.csv.)
set(PRIMESTORM_WHOLE OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(PRIMESTORM_WHOLE ON)
    add_link_options("$<IF:$<BOOL:$<TARGET_PROPERTY:OPTIMISED_AS_A_WHOLE>>,-flto=auto,-fno-lto>")
endif()
function(primestorm_prepare_for_the_whole library)
    if(PRIMESTORM_WHOLE)
        target_compile_options(${library} PRIVATE -flto=auto -ffat-lto-objects)
    endif()
endfunction()
function(primestorm_optimise_as_a_whole program)
    set_target_properties(${program} PROPERTIES OPTIMISED_AS_A_WHOLE ON)
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
