"""The role of the tests' functions, which has to be there in enforced mode."""

from iam_calls import policy, query, trust

ROLE = "arn:aws:iam::000000000000:role/test"


def make_role(server):
    name = ROLE.split("/")[-1]
    for action, parameters in (
            ("CreateRole", {"AssumeRolePolicyDocument": trust()}),
            ("PutRolePolicy", {"PolicyName": "all", "PolicyDocument": policy(action="*")})):
        answer = query(server, action, {"RoleName": name, **parameters})
        # The role of an earlier process of the server stays.
        assert answer.status == 200 or b"EntityAlreadyExists" in answer.body, answer.body
