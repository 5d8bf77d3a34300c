# Everything that comes from outside, found once. tools/install_dependencies puts it on the machine.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(TBB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(EXPAT REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(GDAL REQUIRED CONFIG)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(GEOS REQUIRED IMPORTED_TARGET geos)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
find_package(meshoptimizer REQUIRED)

# Boost 1.81 headers only (Beast, Asio, JSON): Debian's libosmium and GDAL packages depend on Boost 1.74's package, which
# conflicts with 1.81's, so install_dependencies unpacks 1.81's headers into the build folder (docs/decisions/0002).
set(BOOST_181_INCLUDE ${CMAKE_SOURCE_DIR}/build/boost-1.81/usr/include)
if(NOT EXISTS ${BOOST_181_INCLUDE}/boost/json.hpp)
  message(FATAL_ERROR "Boost 1.81 headers are missing; run tools/install_dependencies first")
endif()
add_library(boost_181 INTERFACE)
target_include_directories(boost_181 SYSTEM BEFORE INTERFACE ${BOOST_181_INCLUDE})
target_compile_definitions(boost_181 INTERFACE BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_NO_DEPRECATED
                           BOOST_JSON_STANDALONE_HEADER=1 BOOST_BEAST_USE_STD_STRING_VIEW)
target_link_libraries(boost_181 INTERFACE Threads::Threads)

add_library(osmium INTERFACE)
target_compile_definitions(osmium INTERFACE BOOST_ERROR_CODE_HEADER_ONLY)
target_link_libraries(osmium INTERFACE boost_181 ZLIB::ZLIB BZip2::BZip2 EXPAT::EXPAT lz4)

if(CITIVERSE_TESTS)
  find_package(GTest REQUIRED)
endif()
