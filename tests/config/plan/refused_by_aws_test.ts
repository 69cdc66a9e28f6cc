import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkMfaSerial } from "../../../src/config/limits.ts";
import { deviceFault } from "../../../src/config/mfa_device.ts";
import { keyFault } from "../../../src/config/plan/key_shape.ts";
import { resolvePlans, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { ProfileError, UsageError } from "../../../src/errors.ts";
import { configOf, keys, roleArn, serialOf } from "../in_memory.ts";

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const id = "AKIAEXAMPLEEXAMPLE00";
const temporary = "ASIAEXAMPLEEXAMPLE00";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const faults:
  readonly (readonly [keys: readonly [string, string, string?], field?: string, why?: string])[] = [
    [[id, secret]],
    [[temporary, secret, "token"]],
    [["minioadmin", 'minio secret "1" key']],
    [["RGWSUPERUSER", "q\u00fcx"]],
    [[`"${id}"`, secret], "accessKeyId", "quotes"],
    [[`\u201c${id}\u201d`, secret], "accessKeyId", "quotes"],
    [[`'${id}`, secret], "accessKeyId", "quotes"],
    [[id, `'${secret}'`], "secretAccessKey", "quotes"],
    [[id, `\`${secret}\``], "secretAccessKey", "quotes"],
    [[temporary, secret, '"token"'], "sessionToken", "quotes"],
    [[secret, id], "accessKeyId", "the secret access key holds an id"],
    [[secret, secret], "accessKeyId", "holds a secret access key"],
    [[id, id], "secretAccessKey", "holds an access key id"],
    [[id, temporary], "secretAccessKey", "holds an access key id"],
    [["  ", secret], "accessKeyId", "blanks"],
    [[id, "\t"], "secretAccessKey", "blanks"],
    [[id, `${secret} `], "secretAccessKey", "begins or ends with a blank"],
    [[`${id.slice(0, 8)} ${id.slice(8)}`, secret], "accessKeyId", "a blank"],
    [[temporary, secret, "to ken"], "sessionToken", "a blank"],
    [[temporary, secret], "accessKeyId", "no session token"],
    [["****************LE00", secret], "accessKeyId", "in place of a key"],
    [["<your key>", secret], "accessKeyId", "in place of a key"],
    [["${AWS_ACCESS_KEY_ID}", secret], "accessKeyId", "in place of a key"],
    [[id, "{{ vault_secret }}"], "secretAccessKey", "in place of a key"],
    [["YOUR_ACCESS_KEY_ID", secret], "accessKeyId", "in place of a key"],
    [[id, `${secret}"`], "secretAccessKey", "in quotes"],
  ];

test("keyFault() tells keys that cannot be ones, and shows no part of them", () => {
  for (const [[accessKeyId, secretAccessKey, sessionToken], field, why = ""] of faults) {
    const token = sessionToken === undefined ? {} : { sessionToken };
    const fault = keyFault({ accessKeyId, secretAccessKey, ...token });
    assertEquals(fault?.field as string | undefined, field, accessKeyId + secretAccessKey);
    assert((fault?.why ?? "").includes(why), fault?.why);
    const told = JSON.stringify(fault ?? "");
    for (const text of [secret, id, "EXAMPLEKEY", "LE00"]) assert(!told.includes(text), told);
  }
});

test("faulty keys of a profile, and of the environment, are told before a code is asked for", async () => {
  const config = await configOf({
    config: `[profile dev]\nrole_arn = ${roleArn("D")}\nsource_profile = user\n` +
      `[profile env]\nrole_arn = ${roleArn("E")}\ncredential_source = Environment\n`,
    credentials: `[user]\naws_access_key_id = ${secret}\naws_secret_access_key = ${id}\n`,
    env: { AWS_ACCESS_KEY_ID: "  ", AWS_SECRET_ACCESS_KEY: secret },
  });
  const { problems } = resolvePlans(config, ["dev", "user", "env"]);
  assertEquals(problems.map(({ profile, hint }) => [profile, hint]), [
    ["dev", "swap the two values"],
    ["user", "swap the two values"],
    ["env", "give it its value"],
  ]);
  assert(problems[2]?.message.includes("AWS_ACCESS_KEY_ID holds nothing but blanks"));
  const error = assertThrows(() => resolveSessionPlan(config, undefined), ProfileError);
  assert(error.message.includes("AWS_ACCESS_KEY_ID holds nothing but blanks"), error.message);
  assert(!JSON.stringify(problems).includes("EXAMPLE"));
});

test("deviceFault() tells devices that give no six digits", () => {
  for (
    const good of [serialOf("kim"), "GAHT12345678", "arn:aws:iam::123456789012:mfa/path/u2f-kim"]
  ) {
    assertEquals(deviceFault(good), undefined, good);
  }
  const account = "arn:aws:iam::123456789012:";
  const bad = ["u2f/user/kim/key-R1", "u2f/root-account/key", "user/kim", "role/R", "root"];
  for (const serial of [...bad.map((one) => account + one), "u2f/user/kim/key"]) {
    assert(deviceFault(serial) !== undefined, serial);
    assertThrows(() => checkMfaSerial(serial), UsageError, "Cannot use MFA serial");
  }
});

test("a security key is told where its code would be asked for, and nowhere else", async () => {
  const key = "arn:aws:iam::123456789012:u2f/user/kim/key-R1";
  const config = await configOf({
    config:
      `[profile dev]\nrole_arn = ${roleArn("D")}\nsource_profile = user\nmfa_serial = ${key}\n` +
      `[profile temp]\nrole_arn = ${
        roleArn("T")
      }\nsource_profile = temporary\nmfa_serial = ${key}\n`,
    credentials: `[user]\n${keys}[temporary]\n${keys}aws_session_token = t\n`,
  });
  const { plans, problems } = resolvePlans(config, ["dev", "temp"]);
  assertEquals(plans.map(({ profile }) => profile), ["temp"]);
  assert(problems[0]?.message.includes("is a security key or a passkey"));
  assertEquals(resolvePlans(config, ["dev"], { mfaSerial: serialOf("kim") }).problems, []);
  // The device of a role is only offered to its user where it can be used.
  assertEquals(resolveSessionPlan(config, "user").session?.mfaSerial, undefined);
});

test("a plan from one partition to another is told, and one of other servers is not", async () => {
  const gov = "arn:aws-us-gov:iam::123456789012:role/G";
  const config = await configOf({
    config:
      `[profile gov]\nrole_arn = ${gov}\nsource_profile = user\nmfa_serial = ${serialOf("kim")}\n` +
      `[profile first]\nrole_arn = ${roleArn("A")}\nsource_profile = user\n` +
      `[profile then]\nrole_arn = ${gov}\nsource_profile = first\n` +
      `[profile ceph]\nrole_arn = arn:aws:iam:::role/application\nsource_profile = user\n` +
      `[profile minio]\nrole_arn = arn:minio:iam:::role/idmp-client\nsource_profile = user\n`,
    credentials: `[user]\n${keys}`,
  });
  const { plans, problems } = resolvePlans(config, ["gov", "then", "first", "ceph", "minio"]);
  assertEquals(plans.map(({ profile }) => profile), ["first", "ceph", "minio"]);
  for (const { message } of problems) assert(message.includes("of partition aws"), message);
});

test("a role behind a role that names a device is told of, with the way that works", async () => {
  const config = await configOf({
    config: `[profile first]\nrole_arn = ${roleArn("A")}\nsource_profile = user\n` +
      `[profile then]\nrole_arn = ${roleArn("B")}\nsource_profile = first\nmfa_serial = ${
        serialOf("kim")
      }\n`,
    credentials: `[user]\n${keys}`,
  });
  const { notices } = resolvePlans(config, ["then"]);
  assert(notices[0]?.includes('source_profile be "user"'), notices[0]);
  assertEquals(resolvePlans(config, ["first"]).notices, []);
});
