"""Puts servers of the test in the place of AWS for programs that cannot be told other endpoints: a
proxy for HTTPS on loopback that ends TLS itself, with a certificate of its own authority, and
forwards the bytes by the name of the service."""

import contextlib
import pathlib
import re
import select
import socket
import ssl
import subprocess
import threading
import urllib.parse

NAMES = ("*.amazonaws.com", "*.us-east-1.amazonaws.com", "*.default.amazonaws.com")
SERVICE = re.compile(rb"^CONNECT ([a-z0-9]+)[.-][^ ]*amazonaws\.com:443 ")
REQUEST_BYTES_MAX = 64 * 1024


def make_certificate(directory):
    """The certificate, which signs itself, and its key."""
    certificate, key = directory / "proxy.pem", directory / "proxy.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=amazonaws.com", "-keyout", key, "-out", certificate,
         "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in NAMES)],
        check=True, capture_output=True)
    return certificate, key


class AwsProxy:
    """with AwsProxy(directory, {"s3": "http://127.0.0.1:1", …}) as proxy: run(env=proxy.environment)"""

    def __init__(self, directory, endpoints):
        certificate, key = make_certificate(pathlib.Path(directory))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.targets = {}
        for service, endpoint in endpoints.items():
            url = urllib.parse.urlsplit(endpoint)
            self.targets[service.encode()] = (url.hostname, url.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.environment = {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.listener.getsockname()[1]}",
            "AWS_CA_BUNDLE": str(certificate), "NO_PROXY": "127.0.0.1"}
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                chunk = connection.recv(4096)
                if not chunk or len(request) > REQUEST_BYTES_MAX:
                    return
                request += chunk
            match = SERVICE.match(request)
            target = self.targets.get(match[1]) if match else None
            if target is None:
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                return
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self.context.wrap_socket(connection, server_side=True) as outside, \
                    socket.create_connection(target) as inside:
                forward(outside, inside)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def forward(outside, inside):
    """Both ways, until one side ends. One thread, since a TLS connection is not for two."""
    other = {outside: inside, inside: outside}
    while True:
        ready = [outside] if outside.pending() else select.select(list(other), [], [])[0]
        for source in ready:
            chunk = source.recv(65536)
            if not chunk:
                return
            other[source].sendall(chunk)
