"""Data that several tests send."""

ALL_TYPES = {
    "id": {"S": "all"},
    "string": {"S": "späß \u0000 \U0001f600 \"quoted\"\\\n"},
    "empty": {"S": ""},
    "number": {"N": "-12.5"},
    "binary": {"B": bytes(range(256))},
    "empty_binary": {"B": b""},
    "yes": {"BOOL": True},
    "no": {"BOOL": False},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"N": "1"}, {"L": []}, {"M": {}}]},
    "map": {"M": {"a": {"M": {"b": {"L": [{"M": {"c": {"B": b"\x00\xff"}}}]}}}}},
}
