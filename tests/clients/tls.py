"""Certificates by `millrace cert create`, and a server that has them."""

import subprocess

import boto3
import botocore.config
import pytest

from server import BINARY, Server


class Certificates:
    def __init__(self, directory):
        self.directory = directory

    def create(self, *arguments):
        made = subprocess.run([BINARY, "cert", "create", "--directory", self.directory,
                               *map(str, arguments)], capture_output=True, text=True, timeout=30)
        assert made.returncode == 0, made.stderr
        return made.stdout

    def path(self, name):
        return str(self.directory / name)

    @property
    def ca(self):
        return self.path("ca.pem")

    @property
    def server_options(self):
        return ("--tls-certificate", self.path("server.pem"), "--tls-key",
                self.path("server-key.pem"), "--tls-ca", self.ca)


def make_tls_client(server, ca, service="dynamodb", host=None, secret="test"):
    endpoint = server.endpoint if host is None else f"https://{host}:{server.port}"
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", verify=ca,
                        aws_access_key_id="test", aws_secret_access_key=secret,
                        config=botocore.config.Config(retries={"max_attempts": 0}))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    made = Certificates(tmp_path_factory.mktemp("tls") / "certificates")
    made.create("--name", "db.example")
    made.create("--client", "alice")
    return made


@pytest.fixture(scope="module")
def tls_server(certificates, tmp_path_factory):
    with Server("--data", tmp_path_factory.mktemp("tls-server") / "data",
                *certificates.server_options,
                "--tls-client-ca", certificates.ca) as running:
        yield running
