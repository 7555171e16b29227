#include "audit/identity_of.h"

namespace millrace::audit {

Identity identity_of(const auth::Principal& principal) {
  return {principal.access_key_id};
}

}  // namespace millrace::audit
