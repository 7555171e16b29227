// The operations of the CloudWatch Logs API, each in the file of its name.
#pragma once

#include "logs/call.h"

namespace millrace::logs {

void create_log_group(const Call& call, Reply reply);
void create_log_stream(const Call& call, Reply reply);
void delete_log_group(const Call& call, Reply reply);
void delete_log_stream(const Call& call, Reply reply);
void delete_retention_policy(const Call& call, Reply reply);
[[nodiscard]] Result<std::string> describe_log_groups(const Call& call);
[[nodiscard]] Result<std::string> describe_log_streams(const Call& call);
[[nodiscard]] Result<std::string> filter_log_events(const Call& call);
[[nodiscard]] Result<std::string> get_log_events(const Call& call);
[[nodiscard]] Result<std::string> list_tags_for_resource(const Call& call);
[[nodiscard]] Result<std::string> list_tags_log_group(const Call& call);
void put_log_events(const Call& call, Reply reply);
void put_retention_policy(const Call& call, Reply reply);
void tag_log_group(const Call& call, Reply reply);
void tag_resource(const Call& call, Reply reply);
[[nodiscard]] Result<std::string> test_metric_filter(const Call& call);
void untag_log_group(const Call& call, Reply reply);
void untag_resource(const Call& call, Reply reply);

}  // namespace millrace::logs
