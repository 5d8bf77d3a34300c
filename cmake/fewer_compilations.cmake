# Two means against parsing the same headers hundreds of times (docs/decisions/0012): two precompiled headers for the whole program,
# and sources of a target compiled in small bundles.

add_library(std_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/std_headers.cpp)
target_link_libraries(std_headers PRIVATE fmt::fmt)
target_precompile_headers(std_headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/std_headers.h)

# A test runs once: what the optimiser gains there is less than what it costs, most of all under sanitizers.
set(CITIVERSE_TEST_OPTIONS $<$<CONFIG:Release>:-O1> $<$<CONFIG:Debug>:-O0>)
if(CITIVERSE_TESTS)
  add_library(test_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/test_headers.cpp)
  target_link_libraries(test_headers PRIVATE fmt::fmt GTest::gtest GTest::gmock)
  target_compile_options(test_headers PRIVATE ${CITIVERSE_TEST_OPTIONS})
  target_precompile_headers(test_headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/test_headers.h)
endif()

# citiverse_bundle(TARGET FILE...): compiles sources of one folder together, a few at a time. A bundle begins at a file whose name
# says so (by its digest), so a new file changes one bundle and leaves the others as they are. What stands in anonymous namespaces
# of one room therefore has names of its own.
set(CITIVERSE_BUNDLE_MIN 4 CACHE STRING "Sources that a bundle has at least")
set(CITIVERSE_BUNDLE_MAX 10 CACHE STRING "Sources that a bundle has at most")
function(citiverse_bundle TARGET)
  if(NOT CITIVERSE_BUNDLES)
    return()
  endif()
  set(files ${ARGN})
  list(FILTER files INCLUDE REGEX "\\.cpp$")
  list(SORT files)
  set(bundle "")
  set(size 0)
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(MD5 digest ${name})
    string(SUBSTRING ${digest} 0 1 digit)
    if(bundle STREQUAL "" OR size EQUAL CITIVERSE_BUNDLE_MAX OR (NOT size LESS CITIVERSE_BUNDLE_MIN AND digit MATCHES "[0-4]"))
      set(bundle ${name})
      set(size 0)
    endif()
    set_source_files_properties(${file} TARGET_DIRECTORY ${TARGET} PROPERTIES UNITY_GROUP ${bundle})
    math(EXPR size "${size} + 1")
  endforeach()
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
