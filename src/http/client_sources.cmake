# The HTTP client's part of this module.
set(HTTP_CLIENT_SOURCES body_source.cpp client.cpp client_loop.cpp client_request.cpp client_transfer.cpp response_stream.cpp
                        streamed_transfer.cpp whole_transfer.cpp)
set(HTTP_CLIENT_TESTS body_source_test.cpp client_lookup_test.cpp client_request_test.cpp client_stream_test.cpp client_test.cpp client_tls_test.cpp)
set(HTTP_CLIENT_LINKS CURL::libcurl)
