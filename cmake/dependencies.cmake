# Libraries from the system. The names of their Debian packages are in cmake/packages.txt.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MD REQUIRED IMPORTED_TARGET libmd)
pkg_check_modules(XLSXWRITER IMPORTED_TARGET xlsxwriter) # without it `primestorm export --xlsx` says that it is missing

# libcsv and Random123 ship no pkg-config file.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(CSV::csv UNKNOWN IMPORTED)
set_target_properties(CSV::csv PROPERTIES IMPORTED_LOCATION "${CSV_LIBRARY}"
                                          INTERFACE_INCLUDE_DIRECTORIES "${CSV_INCLUDE_DIR}")
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
