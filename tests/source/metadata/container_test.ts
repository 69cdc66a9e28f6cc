import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { SourceError, StsavalError } from "../../../src/errors.ts";
import { containerPath } from "../../../src/testing/mod.ts";
import { machineArn, onTop, rolesOn, startMachine } from "./fixtures.ts";

const env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: containerPath };
const token = "Basic abcdefghijklmnopqrstuvwxyz012345";

Deno.test("three roles on top of a container: one request, three AssumeRole", async () => {
  const { emulator, system, requests } = startMachine("container", {
    config: rolesOn("EcsContainer"),
    env,
  });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(onTop);
  for (const name of onTop) {
    const identity = emulator.identityOf(set[`sts-${name}`].AccessKeyId);
    assertEquals(identity?.arn, `arn:aws:sts::123456789012:assumed-role/${name}/sts-${name}`);
  }
  assertEquals(emulator.count("GetContainerCredentials", "ok"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
  assertEquals(requests[0], `GET http://169.254.170.2${containerPath}`);
});

Deno.test("the credentials of the container itself stand under the name of its link", async () => {
  const { emulator, system } = startMachine("container", { env });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["container"]);
  assertStringIncludes(
    emulator.identityOf(set["sts-container"].AccessKeyId)?.arn ?? "",
    machineArn,
  );
});

Deno.test("the token's file counts before the variable, and is read at each fetch", async () => {
  const path = "/run/token";
  const at = startMachine("container", {
    env: {
      ...env,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "Basic other",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path,
    },
    files: { [path]: token },
  });
  await using core = new StsCore({ system: at.system });
  await core.generateCredentials(["container"]);
  at.system.files.contents.set(path, "Basic replaced");
  await core.generateCredentials(["container"], { renew: true });
  assertEquals(at.headers.map((one) => one.get("authorization")), [token, "Basic replaced"]);
});

const faults: readonly (readonly [what: string, token: string | undefined, text: string])[] = [
  ["ends with a line break", `${token}\n`, "holds a line break"],
  ["holds another header", `${token}\r\nx-evil: 1`, "holds a line break"],
  ["holds other characters", `${token}\u00e9`, "holds a character that no header may hold"],
  ["is missing", undefined, "names a file that does not exist"],
];

for (const [what, text, wanted] of faults) {
  Deno.test(`a token file that ${what} is refused, and not shown`, async () => {
    const path = "/run/token";
    const { system, requests } = startMachine("container", {
      env: { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path },
      files: text === undefined ? {} : { [path]: text },
    });
    await using core = new StsCore({ system });
    const error = await assertRejects(() => core.generateCredentials(["container"]), SourceError);
    assertStringIncludes(error.message, wanted);
    assertEquals(error.message.includes("abcdef"), false);
    assertEquals(requests, []);
  });
}

const ok = { AccessKeyId: "ASIAEXAMPLEEXAMPLE00", SecretAccessKey: "secret", Token: "token" };
const later = "2026-01-01T01:00:00Z";

const answers: readonly (readonly [what: string, status: number, body: unknown, text: string])[] = [
  [
    "an error with its words",
    404,
    { code: "NoRole", message: "no such role" },
    "NoRole: no such role",
  ],
  ["an error that repeats the token", 403, { message: `bad token ${token}` }, "********"],
  ["a redirect", 302, "", "redirects (HTTP 302)"],
  ["no JSON", 200, "<html>", "AccessKeyId is missing"],
  [
    "no secret",
    200,
    { ...ok, SecretAccessKey: "", Expiration: later },
    "SecretAccessKey is missing",
  ],
  ["a token that never ends", 200, ok, "Expiration is missing"],
  ["no time", 200, { ...ok, Expiration: "soon" }, "Expiration is no time"],
  ["ended credentials", 200, { ...ok, Expiration: "2025-12-31T23:00:00Z" }, "ended at 2025-12-31"],
  ["a long body", 200, { ...ok, Expiration: later, More: "x".repeat(70_000) }, "more than 64 KiB"],
  ["an outage", 500, "", "after 4 attempts: it responded with HTTP 500"],
];

for (const [what, status, body, wanted] of answers) {
  Deno.test(`${what} from the container's endpoint is refused in words`, async () => {
    const { system } = startMachine("container", {
      env: { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: token },
      fetch: () =>
        Promise.resolve(
          new Response(typeof body === "string" ? body : JSON.stringify(body), {
            status,
            headers: { location: "https://example.com/" },
          }),
        ),
    });
    await using core = new StsCore({ system });
    const result = core.generateCredentials(["container"]);
    const passing = system.clock.advance(10_000);
    const error = await assertRejects(() => result, StsavalError);
    await passing;
    assertStringIncludes(error.message, wanted);
    assertEquals(error.message.includes("abcdef"), false);
  });
}

Deno.test("long-term keys without an end are taken as they are", async () => {
  const { system } = startMachine("container", {
    env,
    fetch: () =>
      Promise.resolve(
        new Response(
          JSON.stringify({ AccessKeyId: "AKIAEXAMPLEEXAMPLE00", SecretAccessKey: "secret" }),
        ),
      ),
  });
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["container"]);
  assertEquals(set["sts-container"].SessionToken, "");
});

Deno.test("an endpoint that does not answer costs a second an attempt", async () => {
  const { system, requests } = startMachine("container", {
    env,
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await using core = new StsCore({ system });
  const result = core.generateCredentials(["container"]);
  const passing = system.clock.advance(8_000);
  const error = await assertRejects(() => result, SourceError);
  await passing;
  assertEquals(requests.length, 4);
  assertStringIncludes(error.message, "no response within 1 s");
});
