#pragma once

namespace bailey::web_detail {

// Lets this process have as many descriptors as it may (RLIMIT_NOFILE: the soft limit becomes the hard one). The usual
// soft limit, 1024, is there for programs that use select(2); a thousand idle clients would leave a server none for
// its database. What cannot be raised stays as it is.
void raise_descriptor_limit() noexcept;

}  // namespace bailey::web_detail
