#pragma once

struct bio_st;

namespace millrace::http {

// A BIO over a socket that is not its own. Other than OpenSSL's own it raises no SIGPIPE.
[[nodiscard]] bio_st* make_socket_bio(int socket);
// Whether the last read found nothing to read: else there may be more.
[[nodiscard]] bool is_drained(bio_st* bio);

}  // namespace millrace::http
