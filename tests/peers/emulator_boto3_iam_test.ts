/**
 * boto3 against the emulator's IAM: access keys by AWS's rules, as botocore's own model reads them.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";

const prelude = `
import json, os
import boto3
from botocore.exceptions import ClientError

url = os.environ["EMULATOR_URL"]
session = boto3.Session(profile_name="IAM_USER1")
iam = session.client("iam", endpoint_url=url)

def client(service, key, token=None):
    return boto3.client(
        service, region_name="eu-west-1", endpoint_url=url,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=token,
    )

def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        name = type(error).__name__
        return [name, error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return "ok"

def show(value):
    print(json.dumps(value, default=str))
`;

async function boto3(bench: PeerBench, script: string, code = ""): Promise<unknown> {
  const env = { EMULATOR_URL: bench.url, SERIAL: bench.user.mfa?.serial ?? "", CODE: code };
  const finished = await bench.run("python3", ["-c", prelude + script], env);
  assertEquals(finished.stderr, "");
  return JSON.parse(finished.stdout);
}

Deno.test("boto3 makes, lists, deactivates and deletes access keys", async () => {
  await using bench = await startEmulator();
  const shown = await boto3(
    bench,
    `
made = iam.create_access_key()["AccessKey"]
sts = client("sts", made)
shown = {"arn": sts.get_caller_identity()["Arn"], "made": [made["UserName"], made["Status"], made["CreateDate"].year]}
shown["id"] = made["AccessKeyId"]
shown["third"] = code_of(iam.create_access_key)
shown["listed"] = [[k["Status"], k["AccessKeyId"] == made["AccessKeyId"]] for k in iam.list_access_keys()["AccessKeyMetadata"]]
used = iam.get_access_key_last_used(AccessKeyId=made["AccessKeyId"])
shown["used"] = [used["UserName"], used["AccessKeyLastUsed"]["ServiceName"], used["AccessKeyLastUsed"]["Region"]]
iam.update_access_key(UserName="IAM_USER1", AccessKeyId=made["AccessKeyId"], Status="Inactive")
shown["inactive"] = code_of(sts.get_caller_identity)
shown["pages"] = [k["Status"] for page in iam.get_paginator("list_access_keys").paginate() for k in page["AccessKeyMetadata"]]
iam.delete_access_key(AccessKeyId=made["AccessKeyId"])
shown["gone"] = code_of(iam.delete_access_key, AccessKeyId=made["AccessKeyId"])
shown["nobody"] = code_of(iam.list_access_keys, UserName="nobody")
shown["malformed"] = code_of(iam.update_access_key, AccessKeyId=made["AccessKeyId"], Status="Gone")
show(shown)
`,
  );
  const { id, ...rest } = shown as { readonly id: string };
  assertMatch(id, /^AKIA/);
  assertEquals(rest, {
    arn: "arn:aws:iam::123456789012:user/IAM_USER1",
    made: ["IAM_USER1", "Active", new Date().getFullYear()],
    third: ["LimitExceededException", "LimitExceeded", 409],
    listed: [["Active", false], ["Active", true]],
    used: ["IAM_USER1", "sts", "eu-west-1"],
    inactive: ["ClientError", "InvalidClientTokenId", 403],
    pages: ["Active", "Inactive"],
    gone: ["NoSuchEntityException", "NoSuchEntity", 404],
    nobody: ["NoSuchEntityException", "NoSuchEntity", 404],
    malformed: ["ClientError", "ValidationError", 400],
  });
});

Deno.test("boto3 calls IAM with a session with MFA, not with one without", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const shown = await boto3(
    bench,
    `
sts = session.client("sts", endpoint_url=url)
def iam_of(answer):
    keys = answer["Credentials"]
    return client("iam", keys, keys["SessionToken"])
plain = iam_of(sts.get_session_token())
proven = iam_of(sts.get_session_token(SerialNumber=os.environ["SERIAL"], TokenCode=os.environ["CODE"]))
show([
    code_of(plain.list_access_keys, UserName="IAM_USER1"),
    code_of(proven.list_access_keys),
    code_of(proven.list_access_keys, UserName="IAM_USER1"),
])
`,
    code,
  );
  assertEquals(shown, [
    ["ClientError", "InvalidClientTokenId", 403],
    ["ClientError", "ValidationError", 400],
    "ok",
  ]);
});
