#!/usr/bin/env bash
# A table, a trail with data events for it, and what the trail holds of an item that is created and
# deleted, with the AWS CLI against a server of its own. Fails when the record is not what was done.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/demo_steps.sh"

millrace() {
  show millrace "$@"
  AWS_ENDPOINT_URL="$endpoint" "$root/build/release/millrace" "$@"
}

table=DynamoDB-CloudTrail
trail=DynamoDB-DataEvents-Trail
bucket=aws-cloudtrail-logs-demo
table_arn="arn:aws:dynamodb:us-east-1:000000000000:table/$table"
trail_arn="arn:aws:cloudtrail:us-east-1:000000000000:trail/$trail"

# Waits until the bucket has the record of an event; it is in $record then.
await_record() {
  local name="$1" files
  for _ in $(seq 200); do
    files="$(find "$scratch/data/buckets/$bucket" -path '*/CloudTrail/*.json.gz' 2>/dev/null | sort)"
    if [ -n "$files" ]; then
      record="$(xargs zcat <<<"$files" | jq -c ".Records[] | select(.eventName == \"$name\")")"
      [ -z "$record" ] || return 0
    fi
    sleep 0.1
  done
  echo "no record of $name was delivered" >&2
  cat "$scratch/stderr" >&2
  exit 1
}

start_server --audit-delivery-seconds 1 --audit-digest-seconds 2
echo "A fresh server is listening on $endpoint."

aws_cli dynamodb create-table --table-name $table \
  --attribute-definitions AttributeName=pk,AttributeType=S \
  --key-schema AttributeName=pk,KeyType=HASH --billing-mode PAY_PER_REQUEST
aws_cli dynamodb wait table-exists --table-name $table
aws_cli dynamodb update-table --table-name $table \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES

aws_cli cloudtrail create-trail --name $trail --s3-bucket-name $bucket --enable-log-file-validation
aws_cli cloudtrail put-event-selectors --trail-name $trail --event-selectors \
  "[{\"ReadWriteType\": \"All\", \"IncludeManagementEvents\": false, \"DataResources\": [{\"Type\": \"AWS::DynamoDB::Table\", \"Values\": [\"$table_arn\"]}]}]"
aws_cli cloudtrail start-logging --name $trail
aws_cli cloudtrail get-trail-status --name $trail
expect "that the trail is logging" "$(jq .IsLogging <<<"$answer")" true

start="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
aws_cli dynamodb put-item --table-name $table --item '{"pk": {"S": "id-1"}, "note": {"S": "secret"}}'
aws_cli dynamodb delete-item --table-name $table --key '{"pk": {"S": "id-1"}}' \
  --return-values NONE --return-consumed-capacity NONE

await_record PutItem
expect "the item's attributes, by name" "$(jq -Sc .requestParameters <<<"$record")" \
  "{\"item\":[\"pk\",\"note\"],\"key\":{\"pk\":\"id-1\"},\"tableName\":\"$table\"}"
expect "that no value is in it" "$(jq "tostring | contains(\"secret\")" <<<"$record")" false
await_record DeleteItem
printf '\nThe record of DeleteItem:\n'
jq . <<<"$record"
field() { jq -Sc "$1" <<<"$record"; }
expect "who" "$(field .userIdentity)" \
  '{"accessKeyId":"demo","accountId":"000000000000","arn":"arn:aws:iam::000000000000:user/demo","principalId":"demo","type":"IAMUser","userName":"demo"}'
expect "what" "$(field '[.eventSource, .eventName, .awsRegion, .eventType, .apiVersion]')" \
  '["dynamodb.amazonaws.com","DeleteItem","us-east-1","AwsApiCall","2012-08-10"]'
expect "with which parameters" "$(field .requestParameters)" \
  "{\"key\":{\"pk\":\"id-1\"},\"returnConsumedCapacity\":\"NONE\",\"returnValues\":\"NONE\",\"tableName\":\"$table\"}"
expect "from where" "$(field .sourceIPAddress)" '"127.0.0.1"'
expect "by which program" "$(jq '.userAgent | startswith("aws-cli/")' <<<"$record")" true
expect "of what kind" \
  "$(field '[.readOnly, .managementEvent, .eventCategory, .responseElements, .recipientAccountId]')" \
  '[false,false,"Data",null,"000000000000"]'
expect "which table" "$(field .resources)" \
  "[{\"ARN\":\"$table_arn\",\"accountId\":\"000000000000\",\"type\":\"AWS::DynamoDB::Table\"}]"
expect "when, and its ids" "$(jq '(.eventTime | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")) and
  (.requestID | test("^[A-Z0-9]{52}$")) and (.eventID | test("^[0-9a-f-]{36}$"))' <<<"$record")" true

printf '\n# Who touched the item, with the change that each call made:\n'
millrace trail who $table --key '{"pk": {"S": "id-1"}}'
millrace trail query "SELECT eventTime, userIdentity.arn, eventName, requestParameters.key FROM events WHERE eventCategory = 'Data' ORDER BY eventTime"

printf '\n# The log files are what the server delivered:\n'
sleep 3
millrace trail validate --trail-arn $trail_arn --start-time "$start"
printf '\n# The address in a log file is changed:\n'
file="$(find "$scratch/data/buckets/$bucket" -path '*/CloudTrail/*.json.gz' | sort | head -n 1)"
zcat "$file" | sed s/127.0.0.1/192.0.2.1/ | gzip >"$scratch/changed" && cp "$scratch/changed" "$file"
if millrace trail validate --trail-arn $trail_arn --start-time "$start"; then
  expect "the validation's result" success failure
fi

printf '\nThe trail holds who did what to which item, and tells when it is tampered with.\n'
