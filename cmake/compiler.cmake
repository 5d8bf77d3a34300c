# One set of compiler settings for every target: C++23, warnings are errors, ccache and mold where they are there.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CITIVERSE_SANITIZERS "" CACHE STRING "Passed to -fsanitize=")

# Designated initialisers leave out what has a default, on purpose.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
                    -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)
# Some outside libraries ask for -pthread, and a precompiled header serves only who was compiled like it.
add_compile_options(-pthread)
# No fused multiply-add and no fast-math: the same seed gives the same bytes on every x86-64 and ARM machine.
add_compile_options(-ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own standard library at -O2 (GCC bugs 105329, 105651, 107852).
  add_compile_options(-Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
  # True of a .cpp file that is compiled in a bundle (fewer_compilations.cmake): nobody else includes it.
  add_compile_options(-Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own stable_sort calls a function that it marks as deprecated in C++17.
  add_compile_options(-Wno-deprecated-declarations)
endif()
if(CITIVERSE_SANITIZERS)
  add_compile_options(-fsanitize=${CITIVERSE_SANITIZERS} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CITIVERSE_SANITIZERS})
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header makes these two relaxations necessary (ccache manual, "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
                                  CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND NOT CITIVERSE_SANITIZERS)
  add_link_options(-fuse-ld=mold)
endif()
