"""The role of the tests' functions, which has to be there in enforced mode."""

import http.client
import json
import urllib.parse

from credentials import signed

ROLE = "arn:aws:iam::000000000000:role/test"


def iam(server, action, **parameters):
    body = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **parameters})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        connection.request("POST", "/", body, signed(f"{server.host}:{server.port}", "POST", "/",
                                                     headers, body.encode(), "iam"))
        response = connection.getresponse()
        answer = response.read().decode()
    finally:
        connection.close()
    # The role of an earlier process of the server stays.
    assert response.status == 200 or "EntityAlreadyExists" in answer, answer


def make_role(server):
    def policy(**statement):
        return json.dumps({"Version": "2012-10-17",
                           "Statement": [{"Effect": "Allow", **statement}]})

    name = ROLE.split("/")[-1]
    iam(server, "CreateRole", RoleName=name, AssumeRolePolicyDocument=policy(
        Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole"))
    iam(server, "PutRolePolicy", RoleName=name, PolicyName="all",
        PolicyDocument=policy(Action="*", Resource="*"))
