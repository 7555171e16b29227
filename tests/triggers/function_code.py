"""The function that is fed: notes what it gets in one write, and fails at times before it does."""

import io
import zipfile

SOURCE = '''
import os
import random


def handler(event, context):
    if random.random() < 0.1:
        raise RuntimeError("not now")
    lines = "".join(
        "{} {} {}\\n".format(record["dynamodb"]["Keys"]["id"]["S"],
                            record["dynamodb"]["NewImage"]["number"]["N"], context.aws_request_id)
        for record in event["Records"])
    out = os.open(os.environ["DELIVERIES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(out, lines.encode())
    os.close(out)
'''


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as code:
        code.writestr("index.py", SOURCE)
    return out.getvalue()
