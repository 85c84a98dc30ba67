# One C file that holds the texts of all presets: the program finds them wherever it is installed.
# usage: cmake -DOUTPUT=FILE -DPRESETS=A.yaml,B.yaml -P embed-presets.cmake
string(REPLACE "," ";" PRESETS "${PRESETS}")
set(texts "")
set(entries "")
set(n 0)
foreach(file IN LISTS PRESETS)
    get_filename_component(name "${file}" NAME_WE)
    file(STRINGS "${file}" title REGEX "^title: ")
    if(NOT title MATCHES "^title: ([A-Za-z0-9 ,.()-]+)$")
        message(FATAL_ERROR "${file} needs one line 'title: ...' of letters, digits, spaces and ,.()-")
    endif()
    set(title "${CMAKE_MATCH_1}")
    file(READ "${file}" bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${n}[] = {${bytes}0};\n")
    string(APPEND entries
           "    {\"${name}\", \"${title}\", (const char *)text_${n}, sizeof text_${n} - 1},\n")
    math(EXPR n "${n} + 1")
endforeach()
file(WRITE "${OUTPUT}"
     "/* Made by cmake/embed-presets.cmake. */\n#include \"models/preset.h\"\n\n${texts}\n"
     "const struct preset presets[] = {\n${entries}};\nconst size_t n_presets = ${n};\n")
