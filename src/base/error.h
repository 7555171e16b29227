// The one error catalogue. Every failure that can reach a client is a row here; `ErrorCode` is what
// code compares, the rest is how the wire shows it.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

// Name, prefix of `__type`, HTTP status. Names and statuses are those of the API models; the
// prefixes are what the service's front end puts before them.
#define MILLRACE_ERROR_CATALOGUE(ROW)                                                     \
  /* the front end */                                                                     \
  ROW(SerializationException, "com.amazon.coral.service#", 400)                           \
  ROW(AccessDeniedException, "com.amazon.coral.service#", 400)                            \
  ROW(UnknownOperationException, "com.amazon.coral.service#", 400)                        \
  ROW(MissingAuthenticationTokenException, "com.amazon.coral.service#", 400)              \
  ROW(ExpiredTokenException, "com.amazon.coral.service#", 400)                            \
  ROW(IncompleteSignatureException, "com.amazon.coral.service#", 400)                     \
  ROW(InvalidSignatureException, "com.amazon.coral.service#", 400)                        \
  ROW(UnrecognizedClientException, "com.amazon.coral.service#", 400)                      \
  ROW(ThrottlingException, "com.amazon.coral.availability#", 400)                         \
  ROW(InternalFailure, "com.amazon.coral.service#", 500)                                  \
  ROW(ServiceUnavailableException, "com.amazon.coral.service#", 503)                      \
  ROW(RequestEntityTooLargeException, "com.amazon.coral.service#", 413)                   \
  ROW(ValidationException, "com.amazon.coral.validate#", 400)                             \
  /* DynamoDB and DynamoDB Streams */                                                     \
  ROW(ConditionalCheckFailedException, "com.amazonaws.dynamodb.v20120810#", 400)          \
  ROW(DuplicateItemException, "com.amazonaws.dynamodb.v20120810#", 400)                   \
  ROW(ExpiredIteratorException, "com.amazonaws.dynamodb.v20120810#", 400)                 \
  ROW(IdempotentParameterMismatchException, "com.amazonaws.dynamodb.v20120810#", 400)     \
  ROW(InternalServerError, "com.amazonaws.dynamodb.v20120810#", 500)                      \
  ROW(ItemCollectionSizeLimitExceededException, "com.amazonaws.dynamodb.v20120810#", 400) \
  ROW(PolicyNotFoundException, "com.amazonaws.dynamodb.v20120810#", 400)                  \
  ROW(LimitExceededException, "com.amazonaws.dynamodb.v20120810#", 400)                   \
  ROW(ProvisionedThroughputExceededException, "com.amazonaws.dynamodb.v20120810#", 400)   \
  ROW(ResourceInUseException, "com.amazonaws.dynamodb.v20120810#", 400)                   \
  ROW(ResourceNotFoundException, "com.amazonaws.dynamodb.v20120810#", 400)                \
  ROW(TransactionCanceledException, "com.amazonaws.dynamodb.v20120810#", 400)             \
  ROW(TransactionInProgressException, "com.amazonaws.dynamodb.v20120810#", 400)           \
  ROW(TrimmedDataAccessException, "com.amazonaws.dynamodb.v20120810#", 400)               \
  /* AWS Lambda: its protocol has a status of its own for each, in wire/rest_service */   \
  ROW(CodeStorageExceededException, "", 400)                                              \
  ROW(InvalidParameterValueException, "", 400)                                            \
  ROW(InvalidRequestContentException, "", 400)                                            \
  ROW(InvalidZipFileException, "", 502)                                                   \
  ROW(PolicyLengthExceededException, "", 400)                                             \
  ROW(PreconditionFailedException, "", 412)                                               \
  ROW(RequestTooLargeException, "", 413)                                                  \
  ROW(ResourceConflictException, "", 409)                                                 \
  ROW(ResourceNotReadyException, "", 502)                                                 \
  ROW(ServiceException, "", 500)                                                          \
  ROW(TooManyRequestsException, "", 429)                                                  \
  ROW(UnsupportedMediaTypeException, "", 415)                                             \
  /* Amazon CloudWatch Logs */                                                            \
  ROW(InvalidOperationException, "", 400)                                                 \
  ROW(InvalidParameterException, "", 400)                                                 \
  ROW(OperationAbortedException, "", 400)                                                 \
  ROW(ResourceAlreadyExistsException, "", 400)                                            \
  ROW(TooManyTagsException, "", 400)                                                      \
  /* AWS CloudTrail */                                                                    \
  ROW(CloudTrailARNInvalidException, "", 400)                                             \
  ROW(CloudWatchLogsDeliveryUnavailableException, "", 400)                                \
  ROW(ConflictException, "", 400)                                                         \
  ROW(EventDataStoreARNInvalidException, "", 400)                                         \
  ROW(EventDataStoreAlreadyExistsException, "", 400)                                      \
  ROW(EventDataStoreMaxLimitExceededException, "", 400)                                   \
  ROW(EventDataStoreNotFoundException, "", 400)                                           \
  ROW(EventDataStoreTerminationProtectedException, "", 400)                               \
  ROW(InactiveEventDataStoreException, "", 400)                                           \
  ROW(InactiveQueryException, "", 400)                                                    \
  ROW(InsightNotEnabledException, "", 400)                                                \
  ROW(InsufficientS3BucketPolicyException, "", 400)                                       \
  ROW(InvalidCloudWatchLogsLogGroupArnException, "", 400)                                 \
  ROW(InvalidCloudWatchLogsRoleArnException, "", 400)                                     \
  ROW(InvalidDateRangeException, "", 400)                                                 \
  ROW(InvalidEventCategoryException, "", 400)                                             \
  ROW(InvalidEventDataStoreStatusException, "", 400)                                      \
  ROW(InvalidEventSelectorsException, "", 400)                                            \
  ROW(InvalidInsightSelectorsException, "", 400)                                          \
  ROW(InvalidKmsKeyIdException, "", 400)                                                  \
  ROW(InvalidLookupAttributesException, "", 400)                                          \
  ROW(InvalidMaxResultsException, "", 400)                                                \
  ROW(InvalidNextTokenException, "", 400)                                                 \
  ROW(InvalidParameterCombinationException, "", 400)                                      \
  ROW(InvalidQueryStatementException, "", 400)                                            \
  ROW(InvalidQueryStatusException, "", 400)                                               \
  ROW(InvalidS3BucketNameException, "", 400)                                              \
  ROW(InvalidS3PrefixException, "", 400)                                                  \
  ROW(InvalidSnsTopicNameException, "", 400)                                              \
  ROW(InvalidTagParameterException, "", 400)                                              \
  ROW(InvalidTimeRangeException, "", 400)                                                 \
  ROW(InvalidTokenException, "", 400)                                                     \
  ROW(InvalidTrailNameException, "", 400)                                                 \
  ROW(MaxConcurrentQueriesException, "", 400)                                             \
  ROW(MaximumNumberOfTrailsExceededException, "", 400)                                    \
  ROW(QueryIdNotFoundException, "", 400)                                                  \
  ROW(ResourceTypeNotSupportedException, "", 400)                                         \
  ROW(S3BucketDoesNotExistException, "", 400)                                             \
  ROW(TagsLimitExceededException, "", 400)                                                \
  ROW(TrailAlreadyExistsException, "", 400)                                               \
  ROW(TrailNotFoundException, "", 400)                                                    \
  ROW(UnsupportedOperationException, "", 400)                                             \
  /* AWS IAM and STS, whose query protocol names errors without "Exception" */            \
  ROW(DeleteConflict, "", 409)                                                            \
  ROW(EntityAlreadyExists, "", 409)                                                       \
  ROW(EntityTemporarilyUnmodifiable, "", 409)                                             \
  ROW(InvalidInput, "", 400)                                                              \
  ROW(LimitExceeded, "", 409)                                                             \
  ROW(MalformedPolicyDocument, "", 400)                                                   \
  ROW(NoSuchEntity, "", 404)                                                              \
  ROW(PackedPolicyTooLarge, "", 400)                                                      \
  ROW(PolicyEvaluation, "", 500)                                                          \
  ROW(PolicyNotAttachable, "", 400)                                                       \
  ROW(UnmodifiableEntity, "", 400)                                                        \
  /* not for clients of the API: a bad flag or configuration file */                      \
  ROW(InvalidConfiguration, "millrace#", 500)

enum class ErrorCode {
#define MILLRACE_ERROR_ENUM(name, prefix, status) k##name,
  MILLRACE_ERROR_CATALOGUE(MILLRACE_ERROR_ENUM)
#undef MILLRACE_ERROR_ENUM
};

// The name alone, as in the API model: "ValidationException".
[[nodiscard]] std::string_view error_name(ErrorCode code);
// The value of `__type`: "com.amazon.coral.validate#ValidationException".
[[nodiscard]] std::string_view error_type(ErrorCode code);
[[nodiscard]] int error_http_status(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;
  // Further members of the wire error as JSON text without the braces, such as `"Item":{...}`.
  std::string members_json = {};

  friend bool operator==(const Error&, const Error&) = default;
};

[[nodiscard]] inline Error validation_error(std::string message) {
  return {ErrorCode::kValidationException, std::move(message)};
}
// A failure of the disk or of an invariant. `message` goes to the log, never to a client.
[[nodiscard]] inline Error internal_error(std::string message) {
  return {ErrorCode::kInternalServerError, std::move(message)};
}

}  // namespace millrace
