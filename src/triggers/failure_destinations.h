// OnFailure destinations: buckets, queues, topics, event buses and functions.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.h"
#include "buckets/bucket.h"
#include "buckets/signed_client.h"
#include "functions/invocation.h"
#include "triggers/delivery_thread.h"
#include "triggers/destination_arn.h"
#include "triggers/destination_settings.h"
#include "triggers/failed_batch.h"

namespace millrace::triggers {

// Everything it is given outlives it. The destructor gives up, with an error, what is not
// delivered, within about a second; calls of functions go on.
class EndpointDestinations final : public FailureDestinations {
 public:
  EndpointDestinations(DestinationSettings settings, functions::Invoker& invoker, Random& random);
  ~EndpointDestinations() override;

  [[nodiscard]] Status check(const std::string& destination_arn) const override;
  void send(const std::string& destination_arn, FailedBatch batch,
            std::function<void(Status)> done) override;

 private:
  // One service that does not answer holds up no other.
  struct Way {
    explicit Way(const DestinationSettings& settings);

    std::shared_ptr<buckets::SignedClient> client;
    DeliveryThread thread;
  };
  using Deliver = Status (EndpointDestinations::*)(Way&, const DestinationArn&, const FailedBatch&);

  void deliver(Way& way, Deliver work, DestinationArn arn, FailedBatch batch,
               std::function<void(Status)> done);
  [[nodiscard]] Status put_object(Way& way, const DestinationArn& arn, const FailedBatch& batch);
  [[nodiscard]] Status send_message(Way& way, const DestinationArn& arn, const FailedBatch& batch);
  [[nodiscard]] Status publish(Way& way, const DestinationArn& arn, const FailedBatch& batch);
  [[nodiscard]] Status put_event(Way& way, const DestinationArn& arn, const FailedBatch& batch);
  void invoke(const DestinationArn& arn, const FailedBatch& batch,
              std::function<void(Status)> done);
  buckets::Bucket& bucket_of(Way& way, const std::string& name);

  const DestinationSettings settings_;
  functions::Invoker& invoker_;
  Random& random_;
  std::map<std::string, std::unique_ptr<buckets::Bucket>> buckets_;  // of the thread of objects_
  Way objects_;
  Way queues_;
  Way topics_;
  Way events_;
};

}  // namespace millrace::triggers
