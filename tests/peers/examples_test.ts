/**
 * The examples that are programs, run as a reader would run them: against the emulator, with a stand-in for S3, and with
 * one that asks the server as an SDK does in place of the AWS CLI.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { load } from "js-yaml";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";
import { denoFolder, sourceArgs } from "./source_program.ts";
import { isInstalled } from "./stsaval_process.ts";

const profile = "DynamoDBRole-dev";
const permissions = ["--allow-read", "--allow-env", "--allow-net=127.0.0.1", "--allow-sys"];
const config = `--config=${new URL("../../deno.json", import.meta.url).pathname}`;
const example = (path: string) => new URL(`../../examples/${path}`, import.meta.url).pathname;

function denoArgs(path: string, ...words: string[]): string[] {
  return ["run", "--quiet", "--no-prompt", "--no-check", config, ...permissions, path, ...words];
}

function startProgram(
  bench: PeerBench,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Deno.ChildProcess {
  return new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: bench.home, DENO_DIR: denoFolder(), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

Deno.test("the S3 client signs with the role's keys, which it gets from the provider", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const signers: string[] = [];
  const s3 = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    signers.push(
      /Credential=(ASIA\w+)\//.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "",
    );
    const body = "<ListAllMyBucketsResult><Buckets><Bucket><Name>photos</Name></Bucket></Buckets>" +
      "</ListAllMyBucketsResult>";
    return new Response(body, { headers: { "Content-Type": "application/xml" } });
  });
  try {
    const args = denoArgs(example("s3_client/main.ts"), profile);
    const { stdout, stderr } = await bench.run(Deno.execPath(), args, {
      DENO_DIR: denoFolder(),
      STSAVAL_MFA_CODE: code,
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3.addr.port}`,
    });
    assertEquals([stdout, stderr], ["photos\n", ""]);
    assertMatch(signers[0] ?? "", /^ASIA/);
    assertEquals(bench.emulator.count("AssumeRole", "ok"), 1);
  } finally {
    await s3.shutdown();
  }
});

Deno.test("the HTTP server says as whom it calls AWS", async () => {
  await using bench = await startEmulator();
  const [, code] = bench.freshMfa();
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const args = denoArgs(example("http_server/main.ts"), profile, String(port));
  const child = startProgram(bench, Deno.execPath(), args, {
    STSAVAL_MFA_CODE: code,
    AWS_ENDPOINT_URL_STS: bench.url,
  });
  try {
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let shown = "";
    while (!shown.includes("/who")) {
      const { value, done } = await reader.read();
      assert(!done, `it has ended: ${shown}`);
      shown += value;
    }
    await reader.cancel();
    const response = await fetch(`http://127.0.0.1:${port}/who`);
    const { arn, until } = await response.json();
    assertEquals(arn, `arn:aws:sts::123456789012:assumed-role/${profile}/sts-${profile}`);
    assert(Date.parse(until) > Date.now());
    const other = await fetch(`http://127.0.0.1:${port}/`);
    assertEquals([other.status, await other.text()], [404, "no"]);
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
});

/** What runs in a container of the example. */
async function scriptOf(service: string, folder: string): Promise<string> {
  const { services } = load(await Deno.readTextFile(example("compose/compose.yaml"))) as {
    readonly services: Readonly<Record<string, { readonly entrypoint: readonly string[] }>>;
  };
  const [shell, option, script = ""] = services[service]?.entrypoint ?? [];
  assertEquals([shell, option], ["sh", "-c"]);
  return script.replaceAll("/run/stsaval", folder).replaceAll("serve dev", `serve ${profile}`);
}

const hasCurl = await isInstalled("curl");

Deno.test({
  name: `the sidecar serves the app, which has no key${
    hasCurl ? "" : ", skipped: curl is not installed"
  }`,
  ignore: !hasCurl,
  async fn() {
    await using bench = await startEmulator();
    const [, code] = bench.freshMfa();
    const login = sourceArgs(["login", profile, "--mfa-code", code]);
    const signedIn = await bench.run(Deno.execPath(), login, { DENO_DIR: denoFolder() });
    assertEquals(signedIn.code, 0, signedIn.stderr);
    const folder = `${bench.home}/run`;
    await Deno.mkdir(folder);
    const words = sourceArgs([]).map((word) => `'${word}'`).join(" ");
    const programs = {
      stsaval: `exec '${Deno.execPath()}' ${words} "$@"`,
      aws:
        'exec curl -sS --noproxy 127.0.0.1 -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" ' +
        '"$AWS_CONTAINER_CREDENTIALS_FULL_URI"',
    };
    for (const [name, line] of Object.entries(programs)) {
      await Deno.writeTextFile(`${bench.home}/${name}`, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    }
    const PATH = `${bench.home}:${Deno.env.get("PATH")}`;
    const sidecar = startProgram(bench, "sh", ["-c", await scriptOf("credentials", folder)], {
      PATH,
    });
    try {
      const app = await bench.run("sh", ["-c", await scriptOf("app", folder)], { PATH });
      assertEquals(app.stderr, "");
      assertMatch(JSON.parse(app.stdout).AccessKeyId, /^ASIA/);
      assertEquals((await Deno.stat(`${folder}/env`)).mode, 0o100600);
      assertStringIncludes(await Deno.readTextFile(`${folder}/env`), "FULL_URI");
    } finally {
      sidecar.kill("SIGTERM");
      await sidecar.stdout.cancel();
      await sidecar.status;
    }
  },
});
