"""HTTPS: certificates, versions, reloading, client certificates, and who reaches the server by it."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

import botocore.exceptions
import pytest

from conftest import create_table
from iam_calls import policy
from lambda_functions import create, zip_of
from server import Server, run_refused
from tls import Certificates, certificates, make_tls_client, tls_server  # noqa: F401
from wire import Answer, get

PYTHON_FUNCTION = '''
import os
import boto3

def handler(event, context):
    client = boto3.client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    return client.list_tables()["TableNames"]
'''
NODE_FUNCTION = '''
export const handler = async () => (await fetch(process.env.AWS_ENDPOINT_URL + "/health")).status;
'''


def connect(server, ca, **options):
    context = ssl.create_default_context(cafile=ca)
    for name, value in options.items():
        setattr(context, name, value)
    plain = socket.create_connection((server.host, server.port), timeout=20)
    return context.wrap_socket(plain, server_hostname="localhost")


def certificate_of(server):
    return ssl.get_server_certificate((server.host, server.port))


def hang_up(server):
    """SIGHUP, and it has been taken."""
    before = server.stderr().count("reloaded")
    server.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 10
    while server.stderr().count("reloaded") == before:
        assert time.monotonic() < deadline, server.stderr()
        time.sleep(0.02)


def s_client(server, *options):
    return subprocess.run(["openssl", "s_client", "-connect", f"{server.host}:{server.port}",
                           *options], input="", capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_boto3_by_the_authority(tls_server, certificates, name, host):
    client = make_tls_client(tls_server, certificates.ca, host=host)
    create_table(client, name)
    client.put_item(TableName=name, Item={"id": {"S": "a"}, "b": {"B": bytes(300_000)}})
    assert client.get_item(TableName=name, Key={"id": {"S": "a"}})["Item"]["b"]["B"] == bytes(300_000)


def test_boto3_does_not_trust_it_without(tls_server):
    with pytest.raises(botocore.exceptions.SSLError):
        make_tls_client(tls_server, True).list_tables()


def test_curl(tls_server, certificates):
    url = f"https://db.example:{tls_server.port}/health"
    curl = ["curl", "-sS", "--resolve", f"db.example:{tls_server.port}:127.0.0.1", url]
    trusting = subprocess.run([*curl, "--cacert", certificates.ca, "-w", "%{http_code}"],
                              capture_output=True, text=True, timeout=20)
    assert trusting.stdout.endswith("200"), trusting.stderr
    assert subprocess.run(curl, capture_output=True, timeout=20).returncode == 60


def test_versions(tls_server):
    for version in ("-tls1", "-tls1_1"):
        refused = s_client(tls_server, version, "-cipher", "DEFAULT:@SECLEVEL=0")
        assert "BEGIN CERTIFICATE" not in refused.stdout
        assert refused.returncode != 0
    for version, shown in (("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")):
        assert shown in s_client(tls_server, version).stdout


def test_alpn_and_no_renegotiation(tls_server):
    assert "ALPN protocol: http/1.1" in s_client(tls_server, "-alpn", "h2,http/1.1").stdout
    assert "Secure Renegotiation IS" in s_client(tls_server, "-tls1_2").stdout
    renegotiating = subprocess.Popen(
        ["openssl", "s_client", "-tls1_2", "-connect", f"{tls_server.host}:{tls_server.port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(0.3)
    said, _ = renegotiating.communicate(b"R\n", timeout=20)
    assert b"no renegotiation" in said


def test_a_plain_client_is_told(tls_server):
    answer = socket.create_connection((tls_server.host, tls_server.port), timeout=20)
    answer.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
    said = answer.makefile("rb").read()
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"The plain HTTP request was sent to an HTTPS port" in said


def test_garbage_costs_nothing(tls_server, certificates):
    for garbage in (b"\0" * 1000, os.urandom(1000), b"\x16\x03\x01\xff\xff" + b"\1" * 2000,
                    b"SSH-2.0-a\r\n"):
        stranger = socket.create_connection((tls_server.host, tls_server.port), timeout=20)
        stranger.sendall(garbage)
        try:
            stranger.shutdown(socket.SHUT_WR)
            stranger.makefile("rb").read()
        except ConnectionError:
            pass
    assert connect(tls_server, certificates.ca).version() == "TLSv1.3"


def test_requests_are_recorded_with_their_connection(tls_server, certificates, name):
    create_table(make_tls_client(tls_server, certificates.ca), name)
    trail = make_tls_client(tls_server, certificates.ca, "cloudtrail")
    deadline = time.monotonic() + 20
    while not (events := trail.lookup_events(LookupAttributes=[
            {"AttributeKey": "ResourceName", "AttributeValue": name}])["Events"]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    details = json.loads(events[-1]["CloudTrailEvent"])["tlsDetails"]
    assert details == {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                       "clientProvidedHostHeader": f"{tls_server.host}:{tls_server.port}"}


def test_client_certificates(tls_server, certificates, tmp_path):
    alice = {"certfile": certificates.path("alice.pem"), "keyfile": certificates.path("alice-key.pem")}
    config = tmp_path / "millrace.toml"
    config.write_text(f"""
listen = "127.0.0.1:0"
memory = true
[tls]
certificate = "{certificates.path("server.pem")}"
key = "{certificates.path("server-key.pem")}"
client_ca = "{certificates.ca}"
require_client_certificate = true
""")
    with Server("--config", config) as strict:
        for server in (tls_server, strict):
            context = ssl.create_default_context(cafile=certificates.ca)
            context.load_cert_chain(**alice)
            with socket.create_connection((server.host, server.port), timeout=20) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as secure:
                    secure.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    assert secure.recv(15).startswith(b"HTTP/1.1 200 ")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            # With TLS 1.3 the client hears of it when it reads.
            secure = connect(strict, certificates.ca)
            secure.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            secure.recv(1)


def unsigned(server, certificates, name=None):
    """ListTables with the certificate of `name`: status and error."""
    context = ssl.create_default_context(cafile=certificates.ca)
    if name is not None:
        context.load_cert_chain(certificates.path(f"{name}.pem"), certificates.path(f"{name}-key.pem"))
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=20)
    try:
        connection.request("POST", "/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.ListTables"})
        answer = Answer(connection.getresponse())
    finally:
        connection.close()
    return (200, None) if answer.status == 200 else (answer.status, answer.error[0])


def test_a_client_certificate_stands_for_a_user(certificates, tmp_path, monkeypatch):
    config = tmp_path / "millrace.toml"
    config.write_text(f"""
listen = "127.0.0.1:0"
memory = true
[tls]
certificate = "{certificates.path("server.pem")}"
key = "{certificates.path("server-key.pem")}"
client_ca = "{certificates.ca}"
client_principals = true
""")
    monkeypatch.setenv("MILLRACE_ROOT_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("MILLRACE_ROOT_SECRET_ACCESS_KEY", "test-secret")
    with Server("--config", config, "--auth") as server:
        iam = make_tls_client(server, certificates.ca, "iam", secret="test-secret")
        assert unsigned(server, certificates, "alice") == (400, "UnrecognizedClientException")
        iam.create_user(UserName="alice")
        assert unsigned(server, certificates, "alice") == (400, "AccessDeniedException")
        iam.put_user_policy(UserName="alice", PolicyName="all",
                            PolicyDocument=policy(action="dynamodb:ListTables"))
        assert unsigned(server, certificates, "alice") == (200, None)
        assert unsigned(server, certificates) == (400, "MissingAuthenticationTokenException")


def test_sighup_reloads_while_clients_work(tmp_path):
    own = Certificates(tmp_path / "certificates")
    own.create()
    counts, failures, stop = [0] * 3, [], threading.Event()
    with Server("--data", tmp_path / "data", *own.server_options) as server:
        create_table(make_tls_client(server, False), "t00")

        def work(place):
            client = make_tls_client(server, False)
            try:
                while not stop.is_set():
                    client.put_item(TableName="t00", Item={"id": {"S": str(counts[place])}})
                    counts[place] += 1
            except Exception as error:  # noqa: BLE001, whatever it is
                failures.append(error)

        threads = [threading.Thread(target=work, args=(place,)) for place in range(len(counts))]
        for thread in threads:
            thread.start()
        before = certificate_of(server)
        for _ in range(3):
            own.create("--force")
            hang_up(server)
        assert certificate_of(server) != before
        assert connect(server, own.ca).version() == "TLSv1.3"

        after = certificate_of(server)
        (tmp_path / "certificates" / "server-key.pem").write_text("no key")
        hang_up(server)
        assert "certificates are not reloaded: the old ones stay" in server.stderr()
        assert "server-key.pem" in server.stderr()
        assert certificate_of(server) == after
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert min(counts) > 0


def test_sighup_without_tls_changes_nothing():
    with Server("--memory") as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        assert get(server, "/health").status == 200


@pytest.mark.parametrize("options, message", [
    (["--tls-certificate", "/nowhere.pem", "--tls-key", "KEY"],
     "cannot read the certificate file '/nowhere.pem': No such file or directory"),
    (["--tls-certificate", "CERTIFICATE"], "TLS needs a key file"),
    (["--tls-certificate", "CERTIFICATE", "--tls-key", "OTHER"],
     "cannot be used: key values mismatch"),
    (["--tls-key", "KEY"], "the options of TLS need tls.certificate"),
])
def test_bad_files_are_refused_at_start(certificates, options, message):
    files = {"CERTIFICATE": "server.pem", "KEY": "server-key.pem", "OTHER": "alice-key.pem"}
    options = [certificates.path(files[o]) if o in files else o for o in options]
    code, said = run_refused("--memory", "--listen", "127.0.0.1:0", *options)
    assert code == 1
    assert message in said


@pytest.mark.parametrize("runtime, file, code", [
    ("python3.12", "index.py", PYTHON_FUNCTION), ("nodejs20.x", "index.mjs", NODE_FUNCTION)],
    ids=["python", "node"])
def test_functions_reach_it(tls_server, certificates, name, runtime, file, code):
    functions = make_tls_client(tls_server, certificates.ca, "lambda")
    create(functions, name, Runtime=runtime, Handler="index.handler", Timeout=30,
           Code={"ZipFile": zip_of({file: code})})
    answer = functions.invoke(FunctionName=name)
    said = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    assert isinstance(said, list) or said == 200


def test_cert_create_tells_how_to_use_it(tmp_path):
    own = Certificates(tmp_path / "certificates")
    said = own.create("--name", "10.0.0.7", "--days", "30")
    for text in ("--tls-certificate", "--tls-key", "AWS_CA_BUNDLE=", "NODE_EXTRA_CA_CERTS="):
        assert text in said
    shown = subprocess.run(["openssl", "x509", "-in", own.path("server.pem"), "-noout", "-text"],
                           capture_output=True, text=True, check=True).stdout
    assert re.search(r"DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, "
                     r"IP Address:10.0.0.7", shown)
    assert "prime256v1" in shown
    assert oct(os.stat(own.path("server-key.pem")).st_mode & 0o777) == "0o600"
    verified = subprocess.run(["openssl", "verify", "-x509_strict", "-purpose", "sslserver",
                               "-CAfile", own.ca, own.path("server.pem")], capture_output=True,
                              text=True)
    assert verified.returncode == 0, verified.stderr
