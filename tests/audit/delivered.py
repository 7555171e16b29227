"""The log files of a trail in a directory bucket."""

import gzip
import json
import time

DELIVERED_SECONDS_MAX = 30


def log_files(data, bucket):
    return sorted(path for path in (data / "buckets" / bucket).glob("**/CloudTrail/**/*.json.gz"))


def records(data, bucket):
    found = []
    for path in log_files(data, bucket):
        found += json.loads(gzip.decompress(path.read_bytes()))["Records"]
    return found


def await_records(data, bucket, is_whole):
    """All records, as soon as `is_whole` holds of them, or the time is over."""
    deadline = time.monotonic() + DELIVERED_SECONDS_MAX
    while True:
        found = records(data, bucket)
        if is_whole(found) or time.monotonic() > deadline:
            return found
        time.sleep(0.2)
