/**
 * Rotations with judges that others wrote: boto3 with the old key and the new one, and moto as IAM for the client.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createIamKeys } from "../../src/cli/rotation/iam_keys.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { iamEndpoint } from "../../src/source/iam/iam_hosts.ts";
import { IamRefusal } from "../../src/source/iam/query.ts";
import { rotationHome } from "../crash/rotation_home.ts";
import { runInHome, startMoto } from "./moto_bench.ts";

const judge = `
import json, os, sys
import boto3
from botocore.exceptions import ClientError

def client(service, key):
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=os.environ["EMULATOR_URL"],
        aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
    )

def code_of(key):
    try:
        return client("sts", key).get_caller_identity()["Arn"]
    except ClientError as error:
        return error.response["Error"]["Code"]

old, new = json.loads(os.environ["OLD_KEY"]), json.loads(os.environ["NEW_KEY"])
listed = client("iam", new).list_access_keys()["AccessKeyMetadata"]
print(json.dumps([code_of(old), code_of(new), [[k["AccessKeyId"], k["Status"]] for k in listed]]))
`;

Deno.test("after a rotation boto3 is refused with the old key, and works with the new one", async () => {
  await using bench = await rotationHome({ keyDelayMs: 500 });
  const { emulator, home, user } = bench;
  const env = { STSAVAL_MFA_CODE: emulator.mfaCode(user.mfa?.serial ?? "") };
  const seen = async () => {
    const [key] = (await bench.sealed()).keys;
    const { code, stdout, stderr } = await runInHome(home.path, "python3", ["-c", judge], {
      EMULATOR_URL: home.url,
      OLD_KEY: JSON.stringify(user),
      NEW_KEY: JSON.stringify(key),
    });
    assertEquals([code, stderr], [0, ""]);
    return { id: key?.accessKeyId, answer: JSON.parse(stdout) };
  };
  const ended = await bench.rotate({ env, words: ["--delete-after", "1h"] });
  assert(ended !== "killed" && ended.code === 0, JSON.stringify(ended));
  const arn = "arn:aws:iam::123456789012:user/IAM_USER1";
  const kept = await seen();
  assertEquals(kept.answer, ["InvalidClientTokenId", arn, [
    [user.accessKeyId, "Inactive"],
    [kept.id, "Active"],
  ]]);
  assertEquals(
    await bench.rotate({ words: ["--delete-after", "0"] }).then((one) =>
      one !== "killed" && one.code
    ),
    0,
  );
  const deleted = await seen();
  assertEquals(deleted.answer, ["InvalidClientTokenId", arn, [[kept.id, "Active"]]]);
});

Deno.test("moto as IAM: keys are listed, made, deactivated and deleted, and a third one is refused", async () => {
  await using moto = await startMoto();
  const env = { AWS_DEFAULT_REGION: "us-east-1", AWS_ENDPOINT_URL: moto.url };
  const script = `
import boto3, json
iam = boto3.Session(profile_name="base").client("iam")
iam.create_user(UserName="kim", Path="/ops/")
print(json.dumps(iam.create_access_key(UserName="kim")["AccessKey"], default=str))
`;
  const made = await runInHome(moto.home, "python3", ["-c", script], env);
  assertEquals(made.stderr, "");
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = JSON.parse(made.stdout);
  const keys = createIamKeys({
    ports: { system: denoSystem, signal: new AbortController().signal },
    keys: { accessKeyId, secretAccessKey },
    endpoint: iamEndpoint("eu-west-1", moto.url),
    userName: "kim",
  });
  assertEquals((await keys.list()).map((key) => key.accessKeyId), [accessKeyId]);
  assertEquals((await keys.lastUse(accessKeyId))?.service, "iam");
  const second = await keys.create();
  assertEquals(await keys.lastUse(second.accessKeyId), undefined);
  assertEquals(second.secretAccessKey.length, 40);
  const third = await assertRejects(() => keys.create(), IamRefusal);
  assertEquals(third.refusal, "LimitExceeded");
  await keys.deactivate(second.accessKeyId);
  assertEquals((await keys.list()).map(({ isActive }) => isActive), [true, false]);
  await keys.delete(second.accessKeyId);
  await keys.delete(second.accessKeyId);
  assertEquals((await keys.list()).length, 1);
});
