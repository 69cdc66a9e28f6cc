/**
 * A real program below a real `stsaval exec --serve`, while STS fails at each renewal: it asks the server all the time,
 * and is never refused. A role lives for seconds here; the outages are as long, compared with it, as five minutes are
 * for a role of an hour.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type PeerBench, startEmulator } from "../peers/emulator_bench.ts";
import { denoFolder } from "../peers/source_program.ts";
import { isInstalled, startIn, stsavalWords } from "../peers/stsaval_process.ts";

const role = "DynamoDBRole-dev";
const roleSeconds = 24;
const outageMs = roleSeconds * 1_000 / 12;
const renewals = 3;

/** Prints each response on a line of its own, or that there was none; ends with 9 at SIGTERM. */
const job = `
trap 'echo "the signal came"; exit 9' TERM
echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
while :; do
  curl -sS -f -m 2 -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" \\
    "$AWS_CONTAINER_CREDENTIALS_FULL_URI" || echo "failed with $?"
  echo
  sleep 0.2
done`;

function start(bench: PeerBench): Deno.ChildProcess {
  const [, code] = bench.freshMfa();
  const words = stsavalWords(["exec", role, "--serve", "--", "sh", "-c", job]);
  const env = { HOME: bench.home, DENO_DIR: denoFolder(), PATH: Deno.env.get("PATH") ?? "" };
  return startIn({ path: bench.home, env }, words, { STSAVAL_MFA_CODE: code, NO_COLOR: "1" });
}

/** The lines that say something, as they come. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}

const { state } = await Deno.permissions.query({ name: "run" });
const missing = state !== "granted" || Deno.build.os === "windows"
  ? "no other program may be run"
  : await isInstalled("curl")
  ? undefined
  : "curl is not installed";

Deno.test({
  name:
    "a program below exec --serve is never refused, over three renewals that STS fails at first" +
    (missing === undefined ? "" : `, skipped: ${missing}`),
  ignore: missing !== undefined,
  async fn() {
    await using bench = await startEmulator({ minimumSeconds: 1, roleSeconds });
    const child = start(bench);
    const lines = linesOf(child.stdout);
    const next = async () => (await lines.next()).value ?? "the end of the output";
    const [url = "", tokenFile = ""] = (await next()).split(" ");
    assert((await Deno.stat(tokenFile)).isFile);
    const ids = new Set<string>();
    /** Each response is a set of keys that is still valid. */
    const check = async () => {
      const line = await next();
      assert(line.startsWith("{"), line);
      const { AccessKeyId, Expiration } = JSON.parse(line);
      assert(Date.parse(Expiration) > Date.now(), `${AccessKeyId} ended at ${Expiration}`);
      ids.add(AccessKeyId);
    };
    for (let renewal = 1; renewal <= renewals; renewal++) {
      const { emulator } = bench;
      const outage = { effect: { kind: "drop" } } as const;
      emulator.faults.push(outage);
      const before = emulator.count("AssumeRole", "dropped");
      // It begins with the first call that fails.
      while (emulator.count("AssumeRole", "dropped") === before) await check();
      const end = Date.now() + outageMs;
      while (Date.now() < end) await check();
      emulator.faults.splice(emulator.faults.indexOf(outage), 1);
      while (ids.size <= renewal) await check();
    }
    child.kill("SIGTERM");
    let line = await next();
    while (line.startsWith("{")) line = await next();
    assertEquals(line, "the signal came");
    assertEquals(await next(), "the end of the output");
    assertEquals((await child.status).code, 9);
    const { hostname, port } = new URL(url);
    await assertRejects(
      () => Deno.connect({ hostname, port: Number(port) }),
      Deno.errors.ConnectionRefused,
    );
    await assertRejects(() => Deno.stat(tokenFile), Deno.errors.NotFound);
    await child.stdin.close();
    await child.stderr.cancel();
  },
});
