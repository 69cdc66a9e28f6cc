/**
 * Certificates of an authority of one's own, as companies' networks have them: the compiled program reads just the file
 * that is named, and trusts it.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { createStsEmulator } from "../../src/testing/mod.ts";
import { makeHome, runIn } from "../peers/stsaval_process.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";

/** An authority, and a server's certificate by it, for this test alone. */
const script = `set -e; cd "$1"
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@" 2>/dev/null; }
new -x509 -keyout ca.key -out ca.pem -subj "/CN=stsaval test"
new -keyout server.key -out server.csr -subj /CN=localhost
echo subjectAltName=DNS:localhost >extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions \
  -out server.pem 2>/dev/null`;

interface Start {
  readonly env?: Readonly<Record<string, string>>;
  readonly setting?: string;
}

/** Calls an STS behind TLS whose certificate is by the authority. */
async function callWith(path: string, { env = {}, setting = "" }: Start) {
  const sts = createStsEmulator();
  await using home = await makeHome(() => new Response(), () => ({}));
  const made = await new Deno.Command("sh", { args: ["-c", script, "sh", home.path] }).output();
  assertEquals(made.code, 0, new TextDecoder().decode(made.stderr));
  const [cert, key] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(`${home.path}/${name}`)),
  );
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert: cert ?? "", key: key ?? "", onListen() {} },
    sts.handle,
  );
  await Deno.writeTextFile(
    `${home.path}/.aws/config`,
    `[profile dev]\nmfa_serial = ${serial}\nsource_profile = IAM_USER1\n${setting}\n` +
      `role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\n` +
      `endpoint_url = https://localhost:${server.addr.port}\n`,
  );
  await Deno.writeTextFile(
    `${home.path}/.aws/credentials`,
    "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  );
  const words = ["process", "--profile", "dev", "--mfa-code", sts.mfaCode(serial)];
  const inHome = Object.fromEntries(
    Object.entries(env).map(([name, file]) => [name, `${home.path}/${file}`]),
  );
  return await runIn(home, [path, ...words, "--max-attempts", "1"], { env: inHome });
}

const settings: Readonly<Record<string, Start>> = {
  "AWS_CA_BUNDLE": { env: { AWS_CA_BUNDLE: "ca.pem" } },
  "ca_bundle of the profile": { setting: "ca_bundle = ~/ca.pem" },
  "SSL_CERT_FILE": { env: { SSL_CERT_FILE: "ca.pem" } },
  "AWS_CA_BUNDLE over ca_bundle": {
    env: { AWS_CA_BUNDLE: "ca.pem" },
    setting: "ca_bundle = /none.pem",
  },
};

for (const [what, start] of Object.entries(settings)) {
  programTest(program, `the program trusts the authority of ${what}`, async (path) => {
    const { code, stdout, stderr } = await callWith(path, start);
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, '"SessionToken"');
  });
}

programTest(program, "without a setting the authority is not trusted", async (path) => {
  const { code, stdout } = await callWith(path, {});
  assertEquals([code, stdout], [6, ""]);
});

programTest(program, "a bundle that is a key is an error that does not quote it", async (path) => {
  const { code, stderr } = await callWith(path, { env: { AWS_CA_BUNDLE: "ca.key" } });
  assertEquals(code, 2);
  assertStringIncludes(stderr, "it holds no certificate");
  assertEquals(stderr.includes("PRIVATE"), false);
});
