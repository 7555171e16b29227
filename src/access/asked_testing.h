// What requests ask for, for tests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "access/condition_keys.h"
#include "engine/engine.h"

namespace millrace::access {

// In us-west-2 of 111122223333, for the user arn:aws:iam::111122223333:user/caller, at
// 2026-11-22T10:20:30Z. Tables: Music, with the keys Artist and SongTitle, the index ByYear of Year
// (a number) and Artist, and the tag Team=blue; Blobs, with the binary key id. IAM: the user Bob in
// /staff/ with a boundary, the tag Team=red and the access key AKIABOB, and the role Writer in
// /service/.
class AskedRequests {
 public:
  AskedRequests();

  [[nodiscard]] const catalog::Catalog& catalog() const { return *catalog_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] const iam::AccountPointer& account() const { return account_; }
  [[nodiscard]] const auth::PrincipalPointer& principal() const { return principal_; }

  // "PERMISSION RESOURCE" of each question.
  [[nodiscard]] std::vector<std::string> questions(std::string_view model,
                                                   std::string_view operation,
                                                   std::string_view input) const;
  // The values of a condition key in each question, with commas between them; "-": absent.
  [[nodiscard]] std::vector<std::string> values(std::string_view key, std::string_view model,
                                                std::string_view operation,
                                                std::string_view input) const;

 private:
  using See = std::function<void(const Asked&)>;
  void inquire(std::string_view model, std::string_view operation, std::string_view input,
               See see) const;

  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<catalog::Catalog> catalog_;
  ManualClock clock_;
  iam::AccountPointer account_;
  auth::PrincipalPointer principal_;
};

// What policies a test gives.
class GivenPolicies final : public PolicySource {
 public:
  policy::PolicySet set;
  std::map<std::string, policy::PolicyPointer, std::less<>> of_resources;

  // An identity policy with these statements, JSON, of the caller alone; none when it is empty.
  void give(std::string_view statements);

  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& principal) const override;
  [[nodiscard]] bool has_resource_policies(std::string_view /*service*/) const override {
    return !of_resources.empty();
  }
  [[nodiscard]] policy::PolicyPointer resource_policy(std::string_view resource_arn) const override;
};

// "allowed", or the message of the refusal.
[[nodiscard]] std::string decided(const AskedRequests& requests, const PolicySource& policies,
                                  std::string_view model, std::string_view operation,
                                  std::string_view input);

}  // namespace millrace::access
