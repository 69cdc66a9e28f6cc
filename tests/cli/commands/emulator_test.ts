import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { sampleLoginPath, sampleTokenPath } from "../../../src/cli/permissions/needs.ts";
import { tokenFileName } from "../../../src/source/sso/token_file.ts";
import type { Network } from "../../../src/system.ts";
import { fakeSystem, VirtualClock } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

type Handler = Parameters<Network["serve"]>[0];

/** `stsaval emulator` whose server is a function. */
function startEmulatorCommand(...words: readonly string[]) {
  return startEmulatorAmong({}, ...words);
}

/** The same where there are files already. */
async function startEmulatorAmong(
  files: Readonly<Record<string, string | Error>>,
  ...words: readonly string[]
) {
  let handler: Handler | undefined;
  const clock = new VirtualClock();
  const fake = fakeSystem({ clock, files });
  const system = {
    ...fake,
    network: {
      ...fake.network,
      serve(given: Handler, { port, signal }: Parameters<Network["serve"]>[1]) {
        if (port === 1) return Promise.reject(new Error("permission denied"));
        handler = given;
        const finished = new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve())
        );
        return Promise.resolve({ port: port === 0 ? 4_566 : port, finished });
      },
    },
  };
  const running = main(["emulator", ...words], system);
  await settle();
  const call = (path: string, init: RequestInit = {}) =>
    handler?.(new Request(`http://127.0.0.1:4566${path}`, init));
  return { clock, system: fake, running, call };
}

Deno.test("emulator says where it is, and goes on until ctrl+c", async () => {
  const { system, running, call } = await startEmulatorCommand("--port", "9999");
  const { stdout } = system.terminal;
  assertStringIncludes(stdout, "STS at http://127.0.0.1:9999\n");
  assertStringIncludes(stdout, "[profile DynamoDBRole-dev]");
  assertStringIncludes(stdout, "MFA device arn:aws:iam::123456789012:mfa/IAM_USER1, secret ");
  const code = await (await call("/mfa-code"))?.text();
  assertMatch(code ?? "", /^\d{6}\n$/);
  const answer = await call("/", { method: "POST", body: "Action=GetCallerIdentity" });
  assertEquals(answer?.status, 403);
  await answer?.body?.cancel();
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

Deno.test("emulator writes a sample home", async () => {
  const { system, running } = await startEmulatorCommand("--write-home", "/tmp/h", "--roles", "5");
  const config = await system.files.readText("/tmp/h/.aws/config");
  assertEquals(config?.match(/^\[profile /gm)?.length, 6);
  const credentials = await system.files.readText("/tmp/h/.aws/credentials") ?? "";
  assertMatch(credentials, /^# .+\n\[IAM_USER1\]\naws_access_key_id = AKIA/);
  assertStringIncludes(system.terminal.stdout, "HOME=/tmp/h holds a sample .aws");
  system.signals.send("SIGTERM");
  assertEquals(await running, 143);
});

const notOurs: readonly (readonly [what: string, files: Record<string, string | Error>])[] = [
  ["keys", { "/tmp/h/.aws/credentials": "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" }],
  ["settings", { "/tmp/h/.aws/config": "[profile base]\n" }],
  ["what cannot be read", { "/tmp/h/.aws/config": new Error("permission denied") }],
];

for (const [what, files] of notOurs) {
  Deno.test(`emulator --write-home leaves ${what} alone, and does not listen`, async () => {
    const { system, running, call } = await startEmulatorAmong(files, "--write-home", "/tmp/h");
    const [path = ""] = Object.keys(files);
    assertStringIncludes(system.terminal.stderr, `Cannot write "${path}": `);
    assertEquals(await running, what.startsWith("what") ? 1 : 2);
    assertEquals(call("/mfa-code"), undefined);
    assertEquals(Object.fromEntries(system.files.contents), files);
  });
}

Deno.test("emulator --write-home never writes the files in use, whichever links lead there", async () => {
  const ours = await startEmulatorCommand("--write-home", "/tmp/h");
  ours.system.signals.send("SIGINT");
  await ours.running;
  const files = Object.fromEntries(ours.system.files.contents);

  const again = await startEmulatorAmong(files, "--write-home", "/tmp/h", "--port", "9999");
  again.system.signals.send("SIGINT");
  assertEquals(await again.running, 130, "an earlier sample is replaced");
  assertStringIncludes(String(again.system.files.contents.get("/tmp/h/.aws/config")), ":9999\n");

  const inUse = await startEmulatorCommand("--write-home", "/home/kim");
  assertEquals(await inUse.running, 2);
  assertStringIncludes(
    inUse.system.terminal.stderr,
    'stsaval: Cannot write "/home/kim/.aws/config": it is a file that stsaval reads, and would be ' +
      "replaced\nhint: use an empty folder",
  );
  const linked = fakeSystem({ files: { ...files, "/home/kim/.aws/credentials": "" } });
  for (const home of ["/tmp/h", "/home/kim"]) {
    linked.files.said.set(`${home}/.aws/credentials`, { id: "1:7" });
  }
  assertEquals(await main(["emulator", "--write-home", "/tmp/h"], linked), 2);
  assertStringIncludes(linked.terminal.stderr, 'Cannot write "/tmp/h/.aws/credentials"');
});

Deno.test("emulator --role-seconds and --session-seconds bound what is issued in the sample home", async () => {
  const { clock, system, running, call } = await startEmulatorCommand(
    ...["--write-home", "/tmp/h", "--session-seconds", "1200", "--role-seconds", "60"],
  );
  const caller = fakeSystem({
    clock,
    env: { HOME: "/tmp/h" },
    files: Object.fromEntries(system.files.contents),
    fetch: async (request) => await call("/", request) ?? Response.error(),
  });
  const code = await (await call("/mfa-code"))?.text() ?? "";
  const words = ["--mfa-code", code.trim(), "--format", "json"];
  assertEquals(
    await main(["creds", "--profiles", "DynamoDBRole-dev", ...words], caller),
    0,
    caller.terminal.stderr,
  );
  const token = ["token", "--profile", "IAM_USER1", "--format", "json"];
  assertEquals(await main(token, caller), 0, caller.terminal.stderr);
  const ends = [...caller.terminal.stdout.matchAll(/"Expiration": "(.+)"/g)]
    .map(([, time = ""]) => Date.parse(time) - clock.now());
  assertEquals(ends, [60_000, 1_200_000]);
  system.signals.send("SIGINT");
  await running;
});

/** stsaval in the home that an emulator wrote, connected to it. */
function callerOf(
  { clock, system, call }: Awaited<ReturnType<typeof startEmulatorCommand>>,
  files = Object.fromEntries(system.files.contents),
) {
  return fakeSystem({
    clock,
    env: { HOME: "/tmp/h" },
    files,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const [method, headers] = [request.method, request.headers];
      const body = method === "GET" ? {} : { body: await request.text() };
      return await call(pathname + search, { method, headers, ...body }) ?? Response.error();
    },
  });
}

Deno.test("emulator --sso writes a home of a person who has signed in, and creds --all works there", async () => {
  const started = await startEmulatorCommand("--sso", "--write-home", "/tmp/h");
  const { system, running, call } = started;
  const name = await tokenFileName({ session: "emulator", startUrl: "" });
  assertEquals(sampleTokenPath("/tmp/h"), `/tmp/h/.aws/sso/cache/${name}`);
  assertStringIncludes(
    system.terminal.stdout,
    "IAM Identity Center https://example.awsapps.com/start, section [sso-session emulator]\n" +
      "Sign in: stsaval login Example-Admin\n\nHOME=/tmp/h holds a sample .aws",
  );
  const caller = callerOf(started);
  const onTop = ["creds", "LambdaRole-dev", "--format", "json"];
  assertEquals(await main(onTop, caller), 0, caller.terminal.stderr);
  const code = await (await call("/mfa-code"))?.text() ?? "";
  const words = ["creds", "--all", "--mfa-code", code.trim(), "--no-cache"];
  assertEquals(await main(words, caller), 0, caller.terminal.stderr);
  for (const profile of ["DynamoDBRole-dev", "Example-Admin", "BackupRole-prod"]) {
    assertStringIncludes(caller.terminal.stdout, `sts-${profile}`);
  }
  system.signals.send("SIGINT");
  await running;
});

Deno.test("emulator --aws-login writes a home of a person who has run aws login, which is refreshed there", async () => {
  const started = await startEmulatorCommand("--aws-login", "--write-home", "/tmp/h");
  const { clock, system, running } = started;
  const path = sampleLoginPath("/tmp/h");
  assert(system.files.contents.has(path));
  assertEquals(system.files.modes.get(path), 0o600);
  assertStringIncludes(
    system.terminal.stdout,
    "AWS Sign-In, profile \"Admin\": its person has run 'aws login'\n",
  );
  const caller = callerOf(started);
  for (const elapsed of [0, 840_000, 840_000]) {
    await clock.advance(elapsed);
    const words = ["creds", "Admin", "LambdaRole-dev", "LogsRole-qa", "--no-cache"];
    assertEquals(await main(words, caller), 0, caller.terminal.stderr);
  }
  assert(String(caller.files.contents.get(path)).includes("BEGIN EC PRIVATE KEY"));
  system.signals.send("SIGINT");
  await running;
});

Deno.test("emulator --aws-login --write-home leaves a sign-in alone that it did not write", async () => {
  const files = { [sampleLoginPath("/tmp/h")]: '{"accessToken":{}}' };
  const words = ["--aws-login", "--write-home", "/tmp/h"];
  const { system, running } = await startEmulatorAmong(files, ...words);
  assertEquals(await running, 2);
  assertStringIncludes(system.terminal.stderr, `Cannot write "${sampleLoginPath("/tmp/h")}": `);
  assertEquals(Object.fromEntries(system.files.contents), files);
});

const persons: readonly (readonly [person: string, status: number, message: string])[] = [
  ["approves", 0, ""],
  ["refuses", 5, "IAM Identity Center refused CreateToken: access_denied"],
  ["waits", 3, "the code was not used within 10 minutes"],
];

for (const [person, status, message] of persons) {
  Deno.test(`emulator --sso-person ${person}: login --device ends with ${status}`, async () => {
    const started = await startEmulatorCommand(
      ...["--sso", "--sso-person", person, "--sso-token-seconds", "120", "--write-home", "/tmp/h"],
    );
    const caller = callerOf(started);
    const signingIn = main(["login", "Example-Admin", "--device", "--json"], caller);
    let isDone = false;
    signingIn.finally(() => isDone = true);
    while (!isDone) await started.clock.advance(5_000);
    assertEquals(await signingIn, status, caller.terminal.stderr);
    assertStringIncludes(caller.terminal.stderr, message);
    if (status === 0) {
      const until = Date.parse(JSON.parse(caller.terminal.stdout).until);
      assertEquals(until - started.clock.now(), 120_000);
    }
    started.system.signals.send("SIGINT");
    await started.running;
  });
}

Deno.test("emulator --sso-calls throttles the portal, and --sso-reuse ends a sign-in", async () => {
  const words = ["--sso", "--sso-calls", "2", "--sso-reuse", "--write-home", "/tmp/h"];
  const { clock, system, running, call } = await startEmulatorCommand(...words);
  const token = JSON.parse(String(system.files.contents.get(sampleTokenPath("/tmp/h"))));
  const list = async (accessToken: string) => {
    const headers = { "x-amz-sso_bearer_token": accessToken };
    const response = await call("/assignment/accounts", { headers });
    await response?.body?.cancel();
    return response?.status;
  };
  const statuses = [];
  for (let index = 0; index < 3; index++) statuses.push(await list(token.accessToken));
  assertEquals(statuses, [200, 200, 429]);
  const refresh = async () => {
    const { clientId, clientSecret, refreshToken } = token;
    const body = { clientId, clientSecret, refreshToken, grantType: "refresh_token" };
    return await (await call("/token", { method: "POST", body: JSON.stringify(body) }))?.json();
  };
  const { accessToken } = await refresh();
  assertEquals((await refresh()).error, "invalid_grant");
  await clock.advance(1_000);
  assertEquals(await list(accessToken), 401);
  system.signals.send("SIGINT");
  await running;
});

Deno.test("emulator --sso --write-home leaves a token alone that it did not write", async () => {
  const files = { [sampleTokenPath("/tmp/h")]: '{"accessToken":"mine"}' };
  const { system, running } = await startEmulatorAmong(files, "--sso", "--write-home", "/tmp/h");
  assertEquals(await running, 2);
  assertStringIncludes(system.terminal.stderr, `Cannot write "${sampleTokenPath("/tmp/h")}": `);
  assertEquals(Object.fromEntries(system.files.contents), files);
});

const faults: readonly (readonly [string[], number])[] = [
  [["--throttle", "1"], 400],
  [["--fail", "1"], 500],
  [["--skew", "10m"], 403],
  [["--refuse-code"], 403],
];

for (const [words, status] of faults) {
  Deno.test(`emulator ${words.join(" ")} answers with ${status}`, async () => {
    const { system, running, call } = await startEmulatorCommand(...words);
    const answer = await call("/", { method: "POST", body: "Action=GetCallerIdentity" });
    assertEquals(answer?.status, status);
    await answer?.body?.cancel();
    system.signals.send("SIGINT");
    await running;
  });
}

Deno.test("emulator --drop drops the connection, --delay waits", async () => {
  const dropping = await startEmulatorCommand("--drop", "1");
  let error: unknown;
  await Promise.resolve(dropping.call("/", { method: "POST", body: "Action=x" }))
    .catch((reason) => error = reason);
  assert(error instanceof TypeError);
  dropping.system.signals.send("SIGINT");
  await dropping.running;

  const slow = await startEmulatorCommand("--delay", "500");
  let answered = false;
  const answering = Promise.resolve(slow.call("/", { method: "POST", body: "Action=x" }))
    .then(async (answer) => {
      answered = true;
      await answer?.body?.cancel();
    });
  await slow.clock.advance(400);
  assertEquals(answered, false);
  await slow.clock.advance(200);
  await answering;
  slow.system.signals.send("SIGINT");
  await slow.running;
});

const mistakes: readonly (readonly [string[], number, string])[] = [
  [["--throttle", "2"], 2, 'Cannot use "2" for --throttle: wanted a share from 0 to 1'],
  [["--fail", "often"], 2, 'Cannot use "often" for --fail'],
  [["--sso-reuse"], 2, "Cannot use --sso-reuse without --sso: no sign-in is served"],
  [["--sso", "--sso-person", "x"], 2, 'Cannot use "x" for --sso-person: wanted approves, '],
  [["--port", "x"], 2, 'Cannot use "x" for --port'],
  [["--port", "1"], 1, "Cannot listen on 127.0.0.1:1: permission denied"],
];

for (const [words, status, message] of mistakes) {
  Deno.test(`emulator ${words.join(" ")} is refused`, async () => {
    const { system, running } = await startEmulatorCommand(...words);
    assertEquals(await running, status);
    assertStringIncludes(system.terminal.stderr, message);
  });
}

Deno.test("emulator --instance serves its metadata, and writes a home with three roles on top", async () => {
  const words = ["--instance", "--metadata-tokens", "--write-home", "/tmp/h"];
  const { system, running, call } = await startEmulatorCommand(...words);
  const config = await system.files.readText("/tmp/h/.aws/config") ?? "";
  assertEquals(config.match(/^credential_source = Ec2InstanceMetadata$/gm)?.length, 3);
  assertStringIncludes(config, "ec2_metadata_service_endpoint = http://127.0.0.1:4566\n");
  const { stdout } = system.terminal;
  assertStringIncludes(stdout, "export AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:4566\n");
  const path = "/latest/meta-data/iam/security-credentials/";
  assertEquals((await call(path))?.status, 401);
  const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const token = await (await call("/latest/api/token", { method: "PUT", headers }))?.text() ?? "";
  const listed = await call(path, { headers: { "x-aws-ec2-metadata-token": token } });
  assertEquals(await listed?.text(), "Machine");
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

Deno.test("emulator --container serves credentials for its token", async () => {
  const words = ["--container", "--container-token", "Basic it's", "--machine-seconds", "900"];
  const { clock, system, running, call } = await startEmulatorCommand(...words);
  assertStringIncludes(
    system.terminal.stdout,
    "Container: export AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:4566/v2/credentials/0123abcd " +
      "AWS_CONTAINER_AUTHORIZATION_TOKEN='Basic it'\\''s'\n",
  );
  assertEquals((await call("/v2/credentials/0123abcd"))?.status, 401);
  const given = await call("/v2/credentials/0123abcd", {
    headers: { authorization: "Basic it's" },
  });
  const { Expiration } = await given?.json();
  assertEquals(Date.parse(Expiration) - clock.now(), 900_000);
  system.signals.send("SIGINT");
  assertEquals(await running, 130);
});

const contradictions: readonly (readonly string[])[] = [
  ["--instance", "--container"],
  ["--sso", "--instance"],
  ["--container-token", "x", "--instance"],
  ["--metadata-tokens", "--container"],
  ["--metadata-far"],
  ["--machine-seconds", "900", "--sso"],
];

for (const words of contradictions) {
  Deno.test(`emulator ${words.join(" ")} is refused`, async () => {
    const { system, running } = await startEmulatorCommand(...words);
    assertEquals(await running, 2);
    assertStringIncludes(system.terminal.stderr, "Cannot use --");
  });
}
