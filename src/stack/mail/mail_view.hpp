#pragma once

#include <bailey/http/response.hpp>

#include "stack/mail/mailbox.hpp"
#include "stack/mail/mime.hpp"

// A stranger's mail as a browser gets it. It may hold anything, so that none of it may act as a page of ours: no script
// runs, its origin is no origin, nothing is sent anywhere but by a link that is followed.
namespace bailey::stack::mail {

// Its HTML; references to parts of it (cid:) lead to these. `embedded`: in the frame of our page, where links open a
// new tab. 404 when it has none.
[[nodiscard]] http::Response html_view(const CaughtMail& mail, bool embedded);

// A part to be looked at or kept. What a browser would run is only ever kept.
[[nodiscard]] http::Response part_view(const MimePart& part);

}  // namespace bailey::stack::mail
