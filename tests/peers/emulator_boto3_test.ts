/**
 * boto3 against the emulator, presigned URLs included.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { denoSystem } from "../../src/deno/system.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";

const account = "123456789012";

/** What every script begins with; `show` prints a value, `code_of` the error code of a call. */
const PRELUDE = `
import json, os, sys
import boto3
from botocore.exceptions import ClientError

url, serial = os.environ["EMULATOR_URL"], os.environ["SERIAL"]
role = "arn:aws:iam::${account}:role/CodeDeployRole-qa"
user = boto3.Session(profile_name="IAM_USER1").client("sts")

def client_of(answer):
    keys = answer["Credentials"]
    return boto3.client(
        "sts", region_name="eu-west-1", endpoint_url=url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )

def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return "ok"

def show(value):
    print(json.dumps(value))
`;

/** Runs a script of boto3's and reads what it shows. */
async function boto3(bench: PeerBench, script: string, code = ""): Promise<unknown> {
  const env = { EMULATOR_URL: bench.url, SERIAL: bench.user.mfa?.serial ?? "", CODE: code };
  const finished = await bench.run("python3", ["-c", PRELUDE + script], env);
  assertEquals(finished.stderr, "");
  return JSON.parse(finished.stdout);
}

Deno.test("boto3 gets a session token with MFA, assumes a role and chains to the next", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const shown = await boto3(
    bench,
    `
session = user.get_session_token(SerialNumber=serial, TokenCode=os.environ["CODE"], DurationSeconds=900)
first = client_of(session).assume_role(RoleArn=role, RoleSessionName="sts-boto3")
next_role = "arn:aws:iam::210987654321:role/Next"
second = client_of(first).assume_role(RoleArn=next_role, RoleSessionName="a=b,c+d@e.f-g")
show([client_of(answer).get_caller_identity()["Arn"] for answer in (session, first, second)])
`,
    code,
  );
  assertEquals(shown, [
    `arn:aws:iam::${account}:user/IAM_USER1`,
    `arn:aws:sts::${account}:assumed-role/CodeDeployRole-qa/sts-boto3`,
    "arn:aws:sts::210987654321:assumed-role/Next/a=b,c+d@e.f-g",
  ]);
});

Deno.test("boto3 assumes a role with MFA in the call, and a used code is refused", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const shown = await boto3(
    bench,
    `
call = dict(RoleArn=role, RoleSessionName="sts", SerialNumber=serial, TokenCode=os.environ["CODE"])
show([code_of(user.assume_role, **call), code_of(user.assume_role, **call)])
`,
    code,
  );
  assertEquals(shown, ["ok", ["AccessDenied", 403]]);
});

Deno.test("boto3 reads the emulator's refusals", async () => {
  await using bench = await startEmulator();
  const shown = await boto3(
    bench,
    `
stranger = boto3.client(
    "sts", region_name="eu-west-1", endpoint_url=url,
    aws_access_key_id="AKIASTRANGER00000000", aws_secret_access_key="x",
)
session = user.get_session_token()
show([
    code_of(stranger.get_caller_identity),
    code_of(user.assume_role, RoleArn=role, RoleSessionName="sts"),
    code_of(user.assume_role, RoleArn=role, RoleSessionName="a b"),
    code_of(user.get_access_key_info, AccessKeyId="AKIASTRANGER00000000"),
    code_of(client_of(session).get_session_token),
])
`,
  );
  assertEquals(shown, [
    ["InvalidClientTokenId", 403],
    ["AccessDenied", 403],
    ["ValidationError", 400],
    ["InvalidAction", 400],
    ["AccessDenied", 403],
  ]);
});

Deno.test("boto3's presigned URLs are answered until they expire", async () => {
  await using bench = await startEmulator();
  const presigned = await boto3(
    bench,
    `show(client_of(user.get_session_token()).generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET"))`,
  );
  const ask = async () => {
    const response = await denoSystem.network.fetch(new Request(String(presigned)));
    const xml = await response.text();
    return [response.status, xml.match(/<(?:Arn|Code)>(.*?)</)?.[1]];
  };
  assertEquals(await ask(), [200, `arn:aws:iam::${account}:user/IAM_USER1`]);
  bench.jump(61_000);
  assertEquals(await ask(), [403, "SignatureDoesNotMatch"]);
});

Deno.test("boto3's session policies, tags and source identity arrive as they were sent", async () => {
  await using bench = await startEmulator();
  const shown = await boto3(
    bench,
    `
policy = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
next_role = "arn:aws:iam::210987654321:role/Next"
answer = user.assume_role(
    RoleArn=next_role, RoleSessionName="sts-boto3", Policy=policy, SourceIdentity="kim@example.com",
    PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
    Tags=[{"Key": "Team", "Value": "web"}, {"Key": "Stage", "Value": ""}],
    TransitiveTagKeys=["Team"],
)
refused = code_of(user.assume_role, RoleArn=next_role, RoleSessionName="sts", Policy="{}")
show([answer["SourceIdentity"], answer["PackedPolicySize"] > 0, refused])
`,
  );
  assertEquals(shown, ["kim@example.com", true, ["MalformedPolicyDocument", 400]]);
  const [call] = bench.emulator.calls;
  assertEquals(JSON.parse(call?.session?.policy ?? "").Statement.Action, "s3:*");
  assertEquals({ ...call?.session, policy: undefined }, {
    policy: undefined,
    policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    tags: [{ key: "Team", value: "web" }, { key: "Stage", value: "" }],
    transitiveTagKeys: ["Team"],
    sourceIdentity: "kim@example.com",
  });
});

Deno.test("boto3 gets scoped copies of a session, and is told why there are no more", async () => {
  await using bench = await startEmulator();
  const shown = await boto3(
    bench,
    `
policy = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
next_role = "arn:aws:iam::210987654321:role/Next"
wide = client_of(user.assume_role(RoleArn=next_role, RoleSessionName="sts-boto3"))
answer = wide.get_scoped_credentials(Policy=policy, DurationSeconds=60, ScopedSessionDescription="an agent")
narrow = client_of(answer)
codes = [
    code_of(user.get_scoped_credentials, DurationSeconds=60),
    code_of(narrow.get_scoped_credentials, DurationSeconds=600),
    code_of(narrow.assume_role, RoleArn=next_role, RoleSessionName="sts"),
]
show([
    answer["ScopedPoliciesCount"], answer["Credentials"]["AccessKeyId"],
    narrow.get_caller_identity()["Arn"] == answer["SessionInfo"]["Arn"], codes,
])
`,
  );
  const [count, accessKeyId, isSame, codes] = shown as [number, string, boolean, unknown];
  assertEquals([count, isSame], [1, true]);
  assertEquals(codes, [
    ["InvalidSubjectCredentials", 400],
    ["InsufficientSessionLifetime", 400],
    ["AccessDenied", 403],
  ]);
  const { emulator } = bench;
  assertEquals(emulator.isAllowed(accessKeyId, { action: "s3:GetObject" }), true);
  assertEquals(emulator.isAllowed(accessKeyId, { action: "sqs:SendMessage" }), false);
});
