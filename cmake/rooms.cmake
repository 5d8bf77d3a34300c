# citiverse_room(NAME USES ... PUBLIC_PARTS ... PARTS ...): one folder, one static library, one test program.
#   USES          other rooms, which the table in ARCHITECTURE.md allows (checked by tools/check_layers)
#   PUBLIC_PARTS  outside libraries whose headers this room's headers include
#   PARTS         outside libraries used in .cpp files only
# Beside x.h and x.cpp stand x_test.cpp, x_fuzz.cpp and x_bench.cpp; they are told apart by their endings.
function(citiverse_room NAME)
  cmake_parse_arguments(ROOM "" "" "USES;PUBLIC_PARTS;PARTS;TEST_PARTS" ${ARGN})
  set(folder ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${folder}/*_test.cpp)
  file(GLOB_RECURSE fuzzers CONFIGURE_DEPENDS ${folder}/*_fuzz.cpp)
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cpp$")

  add_library(${NAME} STATIC ${sources})
  target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND "" OUTPUT_VARIABLE uses)
  target_link_libraries(${NAME} PUBLIC ${uses} ${ROOM_PUBLIC_PARTS} PRIVATE ${ROOM_PARTS})
  target_precompile_headers(${NAME} REUSE_FROM std_headers)
  citiverse_bundle(${NAME} ${sources})

  if(CITIVERSE_TESTS AND tests)
    add_executable(${NAME}_test ${tests})
    target_link_libraries(${NAME}_test PRIVATE ${NAME} testing_fixtures GTest::gtest GTest::gmock GTest::gtest_main
                          ${ROOM_PARTS} ${ROOM_TEST_PARTS})
    target_compile_options(${NAME}_test PRIVATE ${CITIVERSE_TEST_OPTIONS})
    target_precompile_headers(${NAME}_test REUSE_FROM test_headers)
    citiverse_bundle(${NAME}_test ${tests})
    add_test(NAME ${NAME} COMMAND ${NAME}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()

  # Only on request (-DCITIVERSE_BENCHMARKS=ON, with libbenchmark-dev): nobody waits for what few read.
  if(CITIVERSE_BENCHMARKS)
    find_package(benchmark REQUIRED)
    file(GLOB_RECURSE benchmarks CONFIGURE_DEPENDS ${folder}/*_bench.cpp)
    foreach(file ${benchmarks})
      get_filename_component(bench ${file} NAME_WE)
      add_executable(${bench} ${file})
      target_link_libraries(${bench} PRIVATE ${NAME} testing_fixtures benchmark::benchmark benchmark::benchmark_main ${ROOM_PARTS})
    endforeach()
  endif()

  if(CITIVERSE_FUZZERS)
    foreach(file ${fuzzers})
      get_filename_component(fuzzer ${file} NAME_WE)
      add_executable(${fuzzer} ${file})
      target_link_libraries(${fuzzer} PRIVATE ${NAME} ${ROOM_PARTS})
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      set_property(GLOBAL APPEND PROPERTY CITIVERSE_FUZZERS ${fuzzer})
    endforeach()
  endif()
endfunction()
