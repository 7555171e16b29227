#!/usr/bin/env bash
# A table, its stream and its records, with the AWS CLI against a server of its own. Fails when a
# record is not what the writes say it is.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/demo_steps.sh"

table=demo-dev_test-table
first='{"id": {"S": "id-1"}, "name": {"S": "name-1"}}'
changed='{"id": {"S": "id-1"}, "name": {"S": "name-1-edit-1"}}'
key='{"id": {"S": "id-1"}}'

start_server
echo "A fresh server is listening on $endpoint."

aws_cli dynamodb create-table --table-name $table \
  --attribute-definitions AttributeName=id,AttributeType=S \
  --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST
aws_cli dynamodb wait table-exists --table-name $table
aws_cli dynamodb update-table --table-name $table \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES
aws_cli dynamodb put-item --table-name $table --item "$first"
aws_cli dynamodb put-item --table-name $table --item "$changed"
aws_cli dynamodb put-item --table-name $table --item "$changed"
echo "# the same item again: nothing changes, so there is no record of it"
aws_cli dynamodb delete-item --table-name $table --key "$key"

aws_cli dynamodb describe-table --table-name $table
arn="$(jq -r .Table.LatestStreamArn <<<"$answer")"
echo "LatestStreamArn: $arn"
aws_cli dynamodbstreams describe-stream --stream-arn "$arn"
expect "the stream's status" "$(jq -r .StreamDescription.StreamStatus <<<"$answer")" ENABLED
shard="$(jq -r '.StreamDescription.Shards[0].ShardId' <<<"$answer")"
echo "ShardId: $shard"
aws_cli dynamodbstreams get-shard-iterator --stream-arn "$arn" --shard-id "$shard" \
  --shard-iterator-type TRIM_HORIZON
iterator="$(jq -r .ShardIterator <<<"$answer")"
aws_cli dynamodbstreams get-records --shard-iterator "$iterator"
jq .Records <<<"$answer"

records="$(jq .Records <<<"$answer")"
field() { jq -c "[.[] | $1]" <<<"$records"; }
compact() { jq -nc "$1"; }
expect "what happened" "$(field .eventName)" '["INSERT","MODIFY","REMOVE"]'
expect "the keys" "$(field .dynamodb.Keys)" "$(compact "[$key, $key, $key]")"
expect "the new images" "$(jq -Sc '[.[] | .dynamodb.NewImage]' <<<"$records")" \
  "$(jq -nSc "[$first, $changed, null]")"
expect "the old images" "$(jq -Sc '[.[] | .dynamodb.OldImage]' <<<"$records")" \
  "$(jq -nSc "[null, $first, $changed]")"
expect "the view type" "$(jq -c '[.[] | .dynamodb.StreamViewType] | unique' <<<"$records")" \
  '["NEW_AND_OLD_IMAGES"]'
# Names and values of Keys, NewImage and OldImage: 6 + 16, 6 + 23 + 16, 6 + 23 bytes.
expect "the sizes" "$(field .dynamodb.SizeBytes)" '[22,45,29]'
expect "version, source and region" \
  "$(jq -c '[.[] | [.eventVersion, .eventSource, .awsRegion]] | unique' <<<"$records")" \
  '[["1.1","aws:dynamodb","us-east-1"]]'
expect "event ids that differ, of 32 hexadecimal digits" \
  "$(jq '[.[].eventID | select(test("^[0-9a-f]{32}$"))] | unique | length' <<<"$records")" 3
expect "sequence numbers of 21 to 40 digits that rise" \
  "$(jq '[.[].dynamodb.SequenceNumber] as $s | ($s | all(test("^[1-9][0-9]{20,39}$"))) and
     ($s | map([length, .]) | . == (sort | unique))' <<<"$records")" true
expect "times" "$(jq 'all(.[].dynamodb; .ApproximateCreationDateTime != null)' <<<"$records")" true

printf '\nThe stream holds exactly what was done: INSERT, MODIFY, REMOVE.\n'
