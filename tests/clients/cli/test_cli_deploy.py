"""`millrace deploy`: a template made, shown, and left alone when nothing changed."""

import json
import shutil
import time

import pytest

from client_commands import SECONDS_MAX, millrace  # noqa: F401
from server import ROOT

EXAMPLE = ROOT / "examples" / "triggers"

TEMPLATE = """Parameters:
  Table: {Type: String}
  Size: {Type: Number, Default: 10}
Conditions:
  Big: !Not [!Equals [!Ref Size, "10"]]
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub ${Table}-worker
      Runtime: python3.11
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: !Ref Data, STREAM: !GetAtt Data.StreamArn}}
      Code:
        ZipFile: |
          import os
          def handler(event, context):
              print(os.environ["TABLE"], len(event["Records"]))
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Trigger:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Data.StreamArn
      FunctionName: !GetAtt Function.Arn
      StartingPosition: TRIM_HORIZON
      BatchSize: !Ref Size
      ParallelizationFactor: !If [Big, 2, !Ref AWS::NoValue]
  Data:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref Table
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
      Tags: [{Key: team, Value: a}]
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Function}", RetentionInDays: 3}
Outputs:
  Function: {Value: !GetAtt Function.Arn}
  Text: {Value: !Join ["/", [!Ref AWS::Region, !Ref Data]]}
"""


class Project:
    def __init__(self, millrace, directory, name):
        self.millrace = millrace
        self.file = directory / "template.yaml"
        self.name = name
        self.file.write_text(TEMPLATE)

    def arguments(self, *more):
        return ("deploy", self.file, "--stack-name", "demo", "--parameter", f"Table={self.name}",
                *more)

    def deploy(self, *more):
        return self.millrace(*self.arguments(*more))

    def refusal(self):
        return self.millrace.refusal(*self.arguments())

    def edit(self, old, new):
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))


@pytest.fixture
def project(millrace, client, name, tmp_path):
    yield Project(millrace, tmp_path, name)
    millrace.run("trigger", "rm", name, "--function")
    if name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)


def signs(text):
    """What is planned for each resource."""
    return {line.split()[3]: line[0] for line in text.splitlines() if line[:1] in "+~=!"
            and " AWS::" in line}


def test_a_template_is_made_once(project, client):
    planned = project.deploy("--dry-run")
    assert signs(planned) == {"Data": "+", "Role": "!", "Function": "+", "Trigger": "+",
                              "Logs": "+"}
    assert "not applied: this server has no access control yet" in planned
    assert project.name not in client.list_tables()["TableNames"]
    done = project.deploy()
    assert signs(done) == signs(planned)
    assert "4 to create, 1 not applied.\n" in done
    assert f"Text = us-east-1/{project.name}\n" in done
    table = client.describe_table(TableName=project.name)["Table"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    again = project.deploy()
    assert set(signs(again).values()) == {"=", "!"}
    assert "4 unchanged, 1 not applied.\n" in again


def test_what_was_made_works(project, client):
    project.deploy()
    client.put_item(TableName=project.name, Item={"id": {"S": "1"}})
    deadline = time.monotonic() + SECONDS_MAX
    while f"{project.name} 1\n" not in project.millrace("trigger", "logs", project.name):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_changes_are_shown_and_made(project, client):
    project.deploy()
    project.edit("Runtime: python3.11", "Runtime: python3.11\n      Timeout: 30")
    project.edit("{Key: team, Value: a}", "{Key: team, Value: b}")
    project.edit("RetentionInDays: 3", "RetentionInDays: 7")
    said = project.deploy("--parameter", "Size=20")
    for line in ("      Timeout: 3 → 30\n", "      Tags.team: a → b\n", "      BatchSize: 10 → 20\n",
                 "      ParallelizationFactor: 1 → 2\n", "      RetentionInDays: 3 → 7\n"):
        assert line in said, said
    assert "4 to update, 1 not applied.\n" in said
    assert "4 unchanged" in project.deploy("--parameter", "Size=20")
    mapping, = json.loads(project.millrace("trigger", "ls", project.name, "--format", "json"))
    assert (mapping["BatchSize"], mapping["ParallelizationFactor"]) == (20, 2)


def test_indexes_come_and_go(project, client):
    project.deploy()
    project.edit("AttributeDefinitions: [{AttributeName: id, AttributeType: S}]",
                 "AttributeDefinitions: [{AttributeName: id, AttributeType: S}, "
                 "{AttributeName: year, AttributeType: N}]\n"
                 "      GlobalSecondaryIndexes:\n"
                 "        - IndexName: by-year\n"
                 "          KeySchema: [{AttributeName: year, KeyType: HASH}]\n"
                 "          Projection: {ProjectionType: ALL}")
    project.deploy()
    table = client.describe_table(TableName=project.name)["Table"]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["by-year"]
    assert "4 unchanged" in project.deploy()
    project.file.write_text(TEMPLATE)
    project.deploy()
    assert "GlobalSecondaryIndexes" not in client.describe_table(TableName=project.name)["Table"]
    assert "4 unchanged" in project.deploy()


def test_another_view_is_another_stream_and_the_trigger_goes_on(project, client):
    project.deploy()
    project.edit("StreamViewType: NEW_AND_OLD_IMAGES", "StreamViewType: KEYS_ONLY")
    assert "StreamViewType: NEW_AND_OLD_IMAGES → KEYS_ONLY" in project.deploy()
    assert len(json.loads(project.millrace("trigger", "ls", project.name, "--format", "json"))) == 1
    assert "4 unchanged" in project.deploy()


def test_what_needs_a_replacement_is_refused(project, client):
    project.deploy()
    project.edit("[{AttributeName: id, AttributeType: S}]",
                 "[{AttributeName: other, AttributeType: S}]")
    project.edit("[{AttributeName: id, KeyType: HASH}]", "[{AttributeName: other, KeyType: HASH}]")
    assert "needs a new table" in project.refusal()
    assert client.describe_table(TableName=project.name)["Table"]["KeySchema"] == [
        {"AttributeName": "id", "KeyType": "HASH"}]


@pytest.mark.parametrize("old, new, said", [
    ("Runtime: python3.11", "Runtime: python3.11\n      Layers: [x]",
     ":12: Resources.Function.Properties.Layers: this server does not have that"),
    ("BatchSize: !Ref Size", "BatchSize: many",
     ":29: Resources.Trigger.Properties.BatchSize: takes an integer, not 'many'"),
    ("!GetAtt Data.StreamArn\n      FunctionName", "!GetAtt Dota.StreamArn\n      FunctionName",
     ":26: Resources.Trigger.Properties.EventSourceArn: there is no parameter or resource 'Dota'"),
    ("!Ref Table", "!ImportValue x", "the function Fn::ImportValue is not supported"),
    ("AWS::Logs::LogGroup", "AWS::SQS::Queue", "the resource type AWS::SQS::Queue is not supported"),
    ("  Role:\n", "  Role:\n    DependsOn: Function\n", "there is a cycle: "),
    ("Resources:", "Resources: [", ":8: "),
])
def test_what_is_wrong_is_said_with_its_line(project, client, old, new, said):
    project.edit(old, new)
    text = project.refusal()
    assert text.startswith(f"millrace: {project.file}:") and said in text and text.count("\n") == 1
    assert project.name not in client.list_tables()["TableNames"]


def test_parameters_are_checked(project):
    assert "Parameters.Table: has no default" in project.millrace.refusal("deploy", project.file)
    assert "'x' is not a number" in project.millrace.refusal(
        *project.arguments("--parameter", "Size=x"))
    assert "the template has no such parameter" in project.millrace.refusal(
        *project.arguments("--parameter", "Other=1"))
    assert project.millrace.refusal("deploy", project.file.parent / "none.yaml").endswith(
        "none.yaml: there is no such file\n")


def test_the_example(millrace, client, tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "triggers")
    template = tmp_path / "triggers" / "template.yaml"
    assert "Table = songs-dev\n" in millrace("deploy", template)
    assert "to create" not in millrace("deploy", template)
    client.put_item(TableName="songs-dev", Item={"id": {"S": "1"}, "title": {"S": "Water"}})
    deadline = time.monotonic() + SECONDS_MAX
    while "dev INSERT 1: (none) → Water" not in millrace("trigger", "logs", "songs-dev"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    millrace("trigger", "rm", "songs-dev", "--function")
    client.delete_table(TableName="songs-dev")
