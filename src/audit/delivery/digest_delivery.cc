#include "audit/delivery/digest_delivery.h"

#include <algorithm>

#include "audit/delivery/log_file.h"
#include "audit/digest_file.h"
#include "base/log.h"

namespace millrace::audit {
namespace {

constexpr int64_t kSecond = 1'000;
// A bucket that the trail has left may be gone.
constexpr int kAttemptsAtFormerBucket = 3;

int64_t whole_seconds(int64_t milliseconds) {
  return milliseconds / kSecond * kSecond;
}

bool is_where_trail_is(const DigestChain& chain, const Trail& trail) {
  return chain.bucket == trail.bucket && chain.key_prefix == trail.key_prefix;
}

}  // namespace

DigestDelivery::DigestDelivery(DeliveryWork work, FilesRecord& record)
    : work_(work),
      record_(record),
      waiting_since_milliseconds_(work.environment.clock.now_milliseconds()) {}

Result<bool> DigestDelivery::step(const Trail& trail, bool is_drained) {
  // A copy: what is stored meanwhile takes its place.
  const auto planned = record_.state().digest;
  if (planned && uploaded_) return note_upload(*planned);
  if (planned) return upload(trail, *planned);
  if (record_.state().chain) return plan(trail, is_drained);
  if (trail.logging && trail.log_file_validation) return begin_chain(trail);
  return false;
}

Result<bool> DigestDelivery::begin_chain(const Trail& trail) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  FilesState state = record_.state();
  state.chain = DigestChain{.bucket = trail.bucket,
                            .key_prefix = trail.key_prefix,
                            .start_milliseconds = whole_seconds(now)};
  TRY(record_.store(std::move(state)));
  waiting_since_milliseconds_ = now;
  return true;
}

Result<bool> DigestDelivery::plan(const Trail& trail, bool is_drained) {
  const DeliveryEnvironment& environment = work_.environment;
  FilesState state = record_.state();
  const DigestChain& chain = *state.chain;
  const bool has_moved = !is_where_trail_is(chain, trail);
  if (has_moved && state.first_log_file == state.next_log_file) return follow(trail);
  const int64_t now = environment.clock.now_milliseconds();
  const bool ends = !trail.log_file_validation || (!trail.logging && is_drained);
  const int64_t early_end = std::max(whole_seconds(now), chain.start_milliseconds + kSecond);
  const auto end = ends || has_moved ? early_end : due_end(chain.start_milliseconds, now);
  if (!end) return false;
  state.digest =
      DigestPlan{.bucket = chain.bucket,
                 .object = digest_object(environment.site, chain.key_prefix, trail.name, *end),
                 .end_milliseconds = *end,
                 .public_key_fingerprint = environment.keys.current_fingerprint(),
                 .log_files_end = state.next_log_file,
                 .ends_chain = ends};
  TRY(record_.store(std::move(state)));
  return true;
}

// The chain goes on in the bucket that the trail has now.
Result<bool> DigestDelivery::follow(const Trail& trail) {
  FilesState state = record_.state();
  state.chain->bucket = trail.bucket;
  state.chain->key_prefix = trail.key_prefix;
  TRY(record_.store(std::move(state)));
  return true;
}

std::optional<int64_t> DigestDelivery::due_end(int64_t start, int64_t now) {
  const int64_t interval = work_.environment.settings.digest_seconds * kSecond;
  waiting_since_milliseconds_ = std::min(waiting_since_milliseconds_, now);
  // After a time without the server, one digest is about all of it.
  if (now >= start + interval) return start + (now - start) / interval * interval;
  // The clock stepped back: digests go on, ahead of it, since none may end before the one before.
  if (now < start && now - waiting_since_milliseconds_ >= interval) return start + interval;
  return std::nullopt;
}

Result<bool> DigestDelivery::upload(const Trail& trail, const DigestPlan& plan) {
  if (work_.stopped || !backoff_.is_over(work_.environment.clock.now_milliseconds())) return false;
  const auto put_status = put(trail, plan);
  if (!put_status) return note_failure(trail, plan, put_status.error());
  ++work_.counters.digests;
  return true;
}

Status DigestDelivery::put(const Trail& trail, const DigestPlan& plan) {
  const DeliveryEnvironment& environment = work_.environment;
  const DigestChain& chain = *record_.state().chain;
  const Digest digest{.bucket = plan.bucket,
                      .object = plan.object,
                      .start_milliseconds = chain.start_milliseconds,
                      .end_milliseconds = plan.end_milliseconds,
                      .public_key_fingerprint = plan.public_key_fingerprint,
                      .previous = chain.previous,
                      .log_files = TRY(record_.log_files(plan.log_files_end))};
  const std::string text = digest_text(environment.site, digest);
  std::string signature =
      TRY(environment.keys.sign(plan.public_key_fingerprint, digest_text_to_sign(digest, text)));
  TRY(work_.buckets.put(plan.bucket, {.name = plan.object,
                                      .content = gzip(text),
                                      .content_type = "application/json",
                                      .metadata = {{std::string(kSignatureMetadata), signature},
                                                   {std::string(kSignatureAlgorithmMetadata),
                                                    std::string(kSignatureAlgorithm)}},
                                      .content_encoding = "gzip",
                                      .kms_key_id = trail.kms_key_id}));
  uploaded_ = Uploaded{hash_value(text), std::move(signature)};
  return Done{};
}

Result<bool> DigestDelivery::note_failure(const Trail& trail, const DigestPlan& plan,
                                          const Error& error) {
  if (work_.stopped) return false;
  ++work_.counters.bucket_failures;
  const int64_t now = work_.environment.clock.now_milliseconds();
  backoff_.fail(now, work_.environment.random);
  FilesState state = record_.state();
  const std::string code = delivery_error_code(error);
  if (state.latest_digest_error != code) {
    log::warn("digest not delivered",
              {{"bucket", plan.bucket}, {"object", plan.object}, {"reason", error.message}});
  }
  state.latest_digest_error = code;
  TRY(record_.store(std::move(state)));
  const bool has_left = !is_where_trail_is(*record_.state().chain, trail);
  if (has_left && backoff_.failures() >= kAttemptsAtFormerBucket) return give_up_chain();
  return false;
}

Result<bool> DigestDelivery::give_up_chain() {
  FilesState state = record_.state();
  log::warn("the chain of digests ends, because the trail's former bucket takes none",
            {{"bucket", state.chain->bucket}});
  std::vector<engine::Mutation> with;
  with.push_back(record_.erase_log_files(state, state.next_log_file));
  state.digest.reset();
  state.chain.reset();
  TRY(record_.store(std::move(state), record_.cursor(), std::move(with)));
  backoff_.succeed();
  return true;
}

Result<bool> DigestDelivery::note_upload(const DigestPlan& plan) {
  const int64_t now = work_.environment.clock.now_milliseconds();
  FilesState state = record_.state();
  std::vector<engine::Mutation> with;
  with.push_back(record_.erase_log_files(state, plan.log_files_end));
  state.digest.reset();
  state.chain->start_milliseconds = plan.end_milliseconds;
  state.chain->previous = {.bucket = plan.bucket,
                           .object = plan.object,
                           .hash_value = uploaded_->hash_value,
                           .signature = uploaded_->signature};
  if (plan.ends_chain) {
    with.push_back(record_.erase_log_files(state, state.next_log_file));
    state.chain.reset();
  }
  state.latest_digest_milliseconds = now;
  state.latest_digest_error.clear();
  TRY(record_.store(std::move(state), record_.cursor(), std::move(with)));
  waiting_since_milliseconds_ = now;
  uploaded_.reset();
  backoff_.succeed();
  return true;
}

}  // namespace millrace::audit
