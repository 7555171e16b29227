"""`millrace deploy`: a template made, shown, and left alone when nothing changed."""

import json
import shutil
import time

import pytest

from botocore.exceptions import ClientError

from client_commands import SECONDS_MAX, millrace  # noqa: F401
from conftest import make_client
from credentials import ENFORCED
from server import ROOT
from wire import call

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
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Tags: [{Key: kind, Value: worker}]
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
        return ("deploy", self.file, "--stack-name", self.name, "--parameter", f"Table={self.name}",
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
    assert signs(planned) == {name: "+" for name in ("Data", "Role", "Function", "Trigger", "Logs")}
    assert project.name not in client.list_tables()["TableNames"]
    done = project.deploy()
    assert signs(done) == signs(planned)
    assert "5 to create.\n" in done
    assert f"Text = us-east-1/{project.name}\n" in done
    table = client.describe_table(TableName=project.name)["Table"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    again = project.deploy()
    assert set(signs(again).values()) == {"="}
    assert "5 unchanged.\n" in again


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
    assert "4 to update, 1 unchanged.\n" in said
    assert "5 unchanged" in project.deploy("--parameter", "Size=20")
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
    assert "5 unchanged" in project.deploy()
    project.file.write_text(TEMPLATE)
    project.deploy()
    assert "GlobalSecondaryIndexes" not in client.describe_table(TableName=project.name)["Table"]
    assert "5 unchanged" in project.deploy()


def test_another_view_is_another_stream_and_the_trigger_goes_on(project, client):
    project.deploy()
    project.edit("StreamViewType: NEW_AND_OLD_IMAGES", "StreamViewType: KEYS_ONLY")
    assert "StreamViewType: NEW_AND_OLD_IMAGES → KEYS_ONLY" in project.deploy()
    assert len(json.loads(project.millrace("trigger", "ls", project.name, "--format", "json"))) == 1
    assert "5 unchanged" in project.deploy()


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
     ":34: Resources.Trigger.Properties.BatchSize: takes an integer, not 'many'"),
    ("!GetAtt Data.StreamArn\n      FunctionName", "!GetAtt Dota.StreamArn\n      FunctionName",
     ":31: Resources.Trigger.Properties.EventSourceArn: there is no parameter or resource 'Dota'"),
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


ACCESS = """Parameters:
  Table: {Type: String}
  Action: {Type: String, Default: "dynamodb:PutItem"}
Transform: AWS::Serverless-2016-10-31
Resources:
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${Table}-writer
      Runtime: python3.11
      Handler: index.handler
      Timeout: 20
      InlineCode: |
        import boto3, os
        dynamodb = boto3.client("dynamodb", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
        def handler(event, context):
            dynamodb.put_item(TableName=event["table"], Item={"id": {"S": "by the function"}})
            return "written"
      Policies:
        - Version: "2012-10-17"
          Statement: [{Effect: Allow, Action: !Ref Action, Resource: !GetAtt Data.Arn}]
        - !Ref Shared
  Apart:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: apart
      Roles: [!Ref WriterRole]
      Groups: [!Ref Readers]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: dynamodb:ListTables, Resource: "*"}
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Path: /shared/
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: dynamodb:Scan, Resource: !Sub "arn:aws:dynamodb:*:*:table/${Table}"}
  Readers: {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: [!Ref Shared]}}
  Alice: {Type: AWS::IAM::User, Properties: {Path: /people/, PermissionsBoundary: !Ref Shared}}
  Members:
    Type: AWS::IAM::UserToGroupAddition
    Properties: {GroupName: !Ref Readers, Users: [!Ref Alice]}
  MayCall:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Writer
      Action: lambda:InvokeFunction
      Principal: !GetAtt Alice.Arn
  Data:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref Table
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      ResourcePolicy: &readable
        PolicyDocument:
          Version: "2012-10-17"
          Statement: {Effect: Allow, Principal: {AWS: !GetAtt Alice.Arn}, Action: dynamodb:*, Resource: "*"}
      StreamSpecification: {StreamViewType: KEYS_ONLY, ResourcePolicy: *readable}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      TrailName: !Ref Table
      S3BucketName: !Ref Bucket
      IsLogging: true
      EnableLogFileValidation: true
      Tags: [{Key: team, Value: a}]
      EventSelectors:
        - IncludeManagementEvents: false
          DataResources: [{Type: "AWS::DynamoDB::Table", Values: [!GetAtt Data.Arn]}]
  Bucket: {Type: AWS::S3::Bucket}
Outputs:
  Arn: {Value: !GetAtt WriterRole.Arn}
"""


@pytest.fixture
def access(millrace, client, server, name, tmp_path):
    project = Project(millrace, tmp_path, name)
    project.file.write_text(ACCESS)
    yield project
    make_client(server, "lambda").delete_function(FunctionName=f"{name}-writer")
    make_client(server, "cloudtrail").delete_trail(Name=name)
    client.delete_table(TableName=name)


def simulate(server, principal, *actions, resource):
    answer = make_client(server, "iam").simulate_principal_policy(
        PolicySourceArn=principal, ActionNames=list(actions), ResourceArns=[resource])
    return [result["EvalDecision"] for result in answer["EvaluationResults"]]


def test_who_may_do_what_is_applied(access, server, client):
    said = access.deploy()
    assert "10 to create, 1 not applied.\n" in said and "no access control" not in said
    assert "10 unchanged, 1 not applied.\n" in access.deploy()
    arn = client.describe_table(TableName=access.name)["Table"]["TableArn"]
    role = f"arn:aws:iam::000000000000:role/{access.name}-WriterRole"
    assert f"Arn = {role}\n" in said
    assert simulate(server, role, "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:DeleteItem",
                    resource=arn) == ["allowed", "allowed", "implicitDeny"]
    alice = f"arn:aws:iam::000000000000:user/people/{access.name}-Alice"
    assert simulate(server, alice, "dynamodb:Scan", "dynamodb:ListTables",
                    resource=arn) == ["allowed", "implicitDeny"]
    for owner in (arn, client.describe_table(TableName=access.name)["Table"]["LatestStreamArn"]):
        policy = call(server, "GetResourcePolicy", {"ResourceArn": owner}).json["Policy"]
        assert json.loads(policy)["Statement"][0]["Principal"] == {"AWS": alice}
    policy = make_client(server, "lambda").get_policy(FunctionName=f"{access.name}-writer")
    statement, = json.loads(policy["Policy"])["Statement"]
    assert (statement["Sid"], statement["Principal"]) == (f"{access.name}-MayCall", {"AWS": alice})


def test_what_may_not_be_done_any_more_is_taken_away(access, server, client):
    access.deploy()
    said = access.deploy("--parameter", "Action=dynamodb:GetItem")
    assert f"~ update     AWS::IAM::Role  WriterRole  {access.name}-WriterRole\n" \
           "      Policies.WriterRolePolicy0.Statement: " in said
    assert "1 to update, 9 unchanged, 1 not applied.\n" in said
    iam = make_client(server, "iam")
    role = f"{access.name}-WriterRole"
    # Neither what was put by hand nor what is not declared any more stays.
    iam.put_role_policy(RoleName=role, PolicyName="by-hand", PolicyDocument=json.dumps(
        {"Version": "2012-10-17",
         "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))
    access.edit("      Roles: [!Ref WriterRole]\n", "")
    access.edit("        - !Ref Shared\n", "")
    access.edit(", ResourcePolicy: *readable", "")
    text = access.file.read_text()
    access.file.write_text(text[:text.index("      ResourcePolicy:")] +
                           text[text.index("      StreamSpecification:"):])
    access.deploy()
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["WriterRolePolicy0"]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AWSLambdaBasicExecutionRole"]
    table = client.describe_table(TableName=access.name)["Table"]
    for arn in (table["TableArn"], table["LatestStreamArn"]):
        assert call(server, "GetResourcePolicy",
                    {"ResourceArn": arn}).error[0] == "PolicyNotFoundException"
    assert "10 unchanged" in access.deploy()


def test_a_trail_is_made_and_changed(access, server):
    access.deploy()
    cloudtrail = make_client(server, "cloudtrail")
    trail = cloudtrail.get_trail(Name=access.name)["Trail"]
    assert trail["S3BucketName"] == f"{access.name}-bucket" and trail["LogFileValidationEnabled"]
    assert cloudtrail.get_trail_status(Name=access.name)["IsLogging"]
    selector, = cloudtrail.get_event_selectors(TrailName=access.name)["EventSelectors"]
    assert selector["DataResources"][0]["Type"] == "AWS::DynamoDB::Table"
    access.edit("IsLogging: true", "IsLogging: false\n      S3KeyPrefix: p/")
    access.edit("Key: team, Value: a", "Key: team, Value: b")
    text = access.file.read_text()
    access.file.write_text(
        text[:text.index("      EventSelectors:")] +
        "      AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, "
        "Equals: [Management]}]}]\n" + text[text.index("  Bucket:"):])
    said = access.deploy()
    for line in ("      S3KeyPrefix: (empty) → p\n", "      IsLogging: true → false\n",
                 "      Tags.team: a → b\n", "      AdvancedEventSelectors: (none) → [{"):
        assert line in said, said
    assert not cloudtrail.get_trail_status(Name=access.name)["IsLogging"]
    assert "AdvancedEventSelectors" in cloudtrail.get_event_selectors(TrailName=access.name)
    assert "10 unchanged" in access.deploy()


@pytest.mark.skipif(not ENFORCED, reason="functions have a role in enforced mode alone")
def test_a_function_may_do_what_its_role_says(access, server, client):
    access.deploy("--parameter", "Action=dynamodb:GetItem")
    functions = make_client(server, "lambda")

    def write():
        answer = functions.invoke(FunctionName=f"{access.name}-writer",
                                  Payload=json.dumps({"table": access.name}))
        return answer["Payload"].read().decode()

    assert "AccessDeniedException" in write()
    access.deploy()
    assert write() == '"written"'
    assert client.scan(TableName=access.name)["Count"] == 1


def test_malformed_policies_are_found_before_anything_is_done(access, server, client):
    access.edit("Effect: Allow, Action: dynamodb:ListTables", "Effect: Perhaps, Action: x")
    text = access.refusal()
    assert text.startswith(f"millrace: {access.file}:30: Resources.Apart.Properties.PolicyDocument: ")
    with pytest.raises(ClientError):
        make_client(server, "iam").get_user(UserName=f"{access.name}-Alice")
    access.file.write_text(ACCESS)
    access.deploy()


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
