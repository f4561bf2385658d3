"""A program that uses STS with boto3, as its documentation says.

Arguments: any label for a plain call, or `session`, which takes a session at home and shows it in us-west-2. Prints a
line per call: label, request id, extended request id, ARN, separated by tabs.
"""

import sys

import boto3

ROLE = "arn:aws:iam::111122223333:role/app"


def tell(label, answer, arn):
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    request_id = answer["ResponseMetadata"]["RequestId"]
    print(label, request_id, headers["x-amz-sts-extended-request-id"], arn, sep="\t")


def call_as(label, client):
    answer = client.get_caller_identity()
    tell(label, answer, answer["Arn"])


for label in sys.argv[1:]:
    if label != "session":
        call_as(label, boto3.client("sts"))
        continue
    answer = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="boto3")
    tell("AssumeRole", answer, answer["AssumedRoleUser"]["Arn"])
    session = answer["Credentials"]
    elsewhere = boto3.client(
        "sts",
        region_name="us-west-2",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    call_as("GetCallerIdentity", elsewhere)
