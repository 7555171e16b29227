#!/usr/bin/env bash
# A table, its stream, and a function that runs for its changes, against a server of its own: the
# function is found by the table's name, prints the event as it gets it, and goes on when the stream
# is disabled and enabled again. Fails when an event is not what the writes say it is.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/demo_steps.sh"

millrace() {
  show millrace "$@"
  AWS_ENDPOINT_URL="$endpoint" "$root/build/release/millrace" "$@"
}

# Waits until the function has printed as many events; they are in $events then, one a line.
await_events() {
  local count="$1"
  for _ in $(seq 200); do
    events="$(sed -n 's/^.*\tINFO\tevent //p; s/^[^ ]* event //p' "$scratch/followed")"
    [ "$(grep -c . <<<"$events")" -lt "$count" ] || return 0
    sleep 0.05
  done
  echo "the function has not printed $count events:" >&2
  cat "$scratch/followed" "$scratch/stderr" >&2
  exit 1
}

table=demo-dev_test-table
first='{"id": {"S": "id-1"}, "name": {"S": "name-1"}}'
changed='{"id": {"S": "id-1"}, "name": {"S": "name-1-edit-1"}}'
key='{"id": {"S": "id-1"}}'

start_server
echo "A fresh server is listening on $endpoint."

aws_cli dynamodb create-table --table-name $table \
  --attribute-definitions AttributeName=id,AttributeType=S \
  --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST
aws_cli dynamodb update-table --table-name $table \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES

mkdir "$scratch/code"
cd "$scratch/code"
cat >clerk_event.mjs <<'HANDLER'
export const handler = async (event) => {
  console.log("event " + JSON.stringify(event));
};
HANDLER
show cat clerk_event.mjs
cat clerk_event.mjs
millrace trigger add $table ./clerk_event.mjs --batch-size 1

show millrace trigger logs $table -f
AWS_ENDPOINT_URL="$endpoint" "$root/build/release/millrace" trigger logs $table -f \
  >"$scratch/followed" &
follower=$!
end_follower() {
  kill "$follower" 2>/dev/null || true
  end
}
trap end_follower EXIT

aws_cli dynamodb put-item --table-name $table --item "$first"
aws_cli dynamodb put-item --table-name $table --item "$changed"
await_events 2
cat "$scratch/followed"
printf '\nThe event of the change:\n'
sed -n 2p <<<"$events" | jq .

arn="$(/usr/bin/aws --endpoint-url "$endpoint" dynamodb describe-table --table-name $table |
  jq -r .Table.LatestStreamArn)"
records="$(jq -sc '[.[].Records[]]' <<<"$events")"
expect "what happened" "$(jq -c 'map(.eventName)' <<<"$records")" '["INSERT","MODIFY"]'
expect "the keys" "$(jq -c 'map(.dynamodb.Keys)' <<<"$records")" "$(jq -nc "[$key, $key]")"
expect "the new images" "$(jq -Sc 'map(.dynamodb.NewImage)' <<<"$records")" \
  "$(jq -nSc "[$first, $changed]")"
expect "the old images" "$(jq -Sc 'map(.dynamodb.OldImage)' <<<"$records")" \
  "$(jq -nSc "[null, $first]")"
expect "version, source, region and stream" \
  "$(jq -c 'map([.eventVersion, .eventSource, .awsRegion, .eventSourceARN]) | unique' \
    <<<"$records")" "[[\"1.1\",\"aws:dynamodb\",\"us-east-1\",\"$arn\"]]"
expect "the members of a record" "$(jq -c '.[1].dynamodb | keys' <<<"$records")" \
  '["ApproximateCreationDateTime","Keys","NewImage","OldImage","SequenceNumber","SizeBytes","StreamViewType"]'

printf '\n# The same item again changes nothing, so the function does not run.\n'
aws_cli dynamodb put-item --table-name $table --item "$changed"
printf '\n# The stream is disabled and enabled: it has a new ARN, and the trigger goes on with it.\n'
aws_cli dynamodb update-table --table-name $table --stream-specification StreamEnabled=false
aws_cli dynamodb update-table --table-name $table \
  --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES
aws_cli dynamodb delete-item --table-name $table --key "$key"
await_events 3
expect "the third event" "$(sed -n 3p <<<"$events" | jq -r '.Records[0].eventName')" REMOVE
new_arn="$(sed -n 3p <<<"$events" | jq -r '.Records[0].eventSourceARN')"
[ "$new_arn" != "$arn" ] || expect "the stream's ARN" "$new_arn" "another one"

millrace trigger ls $table
millrace trigger rm $table --function

printf '\nThe function ran once for every change: INSERT, MODIFY, REMOVE.\n'
