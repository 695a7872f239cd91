#pragma once

#include <bailey/web/app.hpp>
#include <bailey/web/web_socket.hpp>

#include <string>
#include <vector>

#include "stack/gateway/pages.hpp"
#include "stack/mail/mailbox.hpp"

namespace bailey::stack::mail {

// Adds to the app the page that shows a mailbox, and Mailpit's API: what the tests of projects of the Supabase CLI read
// mail by. `mailbox` and `pages` outlive the app; `hub` tells open pages of changes.
//
// Only this machine may ask. A request under a host name that is nobody's own is refused (DNS rebinding), and so is one
// that changes something, or opens the WebSocket, from a page of another origin: what the mailbox holds signs people
// in.
void add_mailbox_routes(App& app, Mailbox& mailbox, const gateway::Pages& pages, const WebSocketHub& hub);

// What a mailbox tells its watchers, as pages are told: {"Type": "new", "Data": …}.
void tell_of(const WebSocketHub& hub, Mailbox::Change change, const CaughtMail* mail, Mailbox::Counts counts);

}  // namespace bailey::stack::mail
