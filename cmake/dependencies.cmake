# Everything we build on, all of it packaged by Debian and Ubuntu. Each has its reason in the design or docs/decisions.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(PostgreSQL 15 REQUIRED)          # libpq, for its pipeline mode
find_library(re2_library re2 REQUIRED)        # patterns in rules (docs/decisions/0011-patterns.md)
find_library(crypt_library crypt REQUIRED)    # libxcrypt: bcrypt
find_library(idn2_library idn2 REQUIRED)      # domains in Unicode (docs/decisions/0009-formats.md)
find_library(unistring_library unistring REQUIRED)   # what kind of character it is, and composing it
find_library(zlib_library z REQUIRED)         # answers in gzip (docs/decisions/0013-compression.md)
find_library(brotli_library brotlienc REQUIRED)
find_library(zstd_library zstd REQUIRED)
find_library(qrcodegen_library qrcodegencpp REQUIRED)   # QR codes of MFA (docs/decisions/0024-qr-codes.md)
find_path(qrcodegen_folder qrcodegen.hpp PATH_SUFFIXES qrcodegencpp qrcodegen REQUIRED)
find_library(hiredis_library hiredis REQUIRED)  # rate limits of several processes (docs/decisions/0016-redis.md)
if(BAILEY_TESTS)   # programs never need these; a machine may have one of the two
  find_package(GTest QUIET)
  if(NOT TARGET GTest::gtest_main OR NOT TARGET GTest::gmock)
    message(FATAL_ERROR "The tests need GoogleTest and GoogleMock, and not both are here: install them "
                        "(libgtest-dev and libgmock-dev; script/bootstrap --tests does), or build without the tests "
                        "(-DBAILEY_TESTS=OFF)")
  endif()
  find_library(brotli_decoder_library brotlidec REQUIRED)
endif()

# Asio is compiled once, here, instead of in every source that includes it. What is defined here is part of Asio's ABI,
# so users of an installed Bailey inherit it.
add_library(bailey_asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio.cpp)
target_compile_definitions(bailey_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)   # memory of operations, recycled: no malloc
target_compile_options(bailey_asio PRIVATE -w)
if(BAILEY_SANITIZE)
  target_compile_options(bailey_asio PRIVATE -fsanitize=${BAILEY_SANITIZE})
endif()
target_link_libraries(bailey_asio PUBLIC Boost::headers Threads::Threads OpenSSL::SSL OpenSSL::Crypto)
add_library(bailey::asio ALIAS bailey_asio)
