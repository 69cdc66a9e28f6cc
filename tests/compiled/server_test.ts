/**
 * Attacks on the credential server of the compiled program. What each comes to stands in SECURITY.md.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Home, isInstalled, isRoot, MarkReader, startIn } from "../peers/stsaval_process.ts";
import { attacks, request, send, type ServerAddress } from "../server/server_attacks.ts";
import { openHome } from "./open_home.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const role = "DynamoDBRole-dev";
const security = await Deno.readTextFile(new URL("../../SECURITY.md", import.meta.url));

interface Served extends ServerAddress, AsyncDisposable {
  readonly pid: number;
  readonly tokenFile: string;
}

async function serve(
  home: Home,
  program: string | readonly string[],
  ...words: string[]
): Promise<Served> {
  const line = [program].flat();
  const child = startIn(home, [...line, "serve", role, "--format", "json", ...words]);
  const reader = new MarkReader(child.stdout);
  const [printed = ""] = (await reader.until("\n")).split("\n");
  const { set } = JSON.parse(printed).servers[0];
  const { pathname, port } = new URL(set.AWS_CONTAINER_CREDENTIALS_FULL_URI);
  return {
    ...{ pid: child.pid, port: Number(port), path: pathname },
    token: set.AWS_CONTAINER_AUTHORIZATION_TOKEN,
    tokenFile: set.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await reader[Symbol.asyncDispose]();
      await child.stderr.cancel();
      await child.stdin.close();
      assertEquals((await child.status).code, 143);
    },
  };
}

async function assertAnswers(server: ServerAddress): Promise<void> {
  const answer = await send(server.port, request(server));
  assertStringIncludes(answer, "HTTP/1.1 200 ");
  assertStringIncludes(answer, '"AccessKeyId":"ASIA');
}

programTest(program, "the server of the program refuses every attack", async (path, context) => {
  const { home } = await openHome();
  await using _home = home;
  await using server = await serve(home, path);
  await using other = await serve(home, path);
  await assertAnswers(server);
  for (const [what, status, make] of attacks) {
    await context.step(what, async () => {
      const answer = await send(server.port, make(server, other));
      assertStringIncludes(answer, `HTTP/1.1 ${status} `);
      assert(!/access-control|ASIA/i.test(answer), answer);
      assertStringIncludes(security, `| ${what} | ${status} |`);
    });
  }
  await context.step("a megabyte of headers", async () => {
    const answer = await send(server.port, request(server, { "X-A": "a".repeat(1 << 20) }));
    assert(!answer.includes("ASIA"), "it was answered");
  });
  await assertAnswers(server);
});

programTest(
  program,
  "idle connections keep the server of the program from nothing",
  async (path) => {
    const { home } = await openHome();
    await using _home = home;
    await using server = await serve(home, path);
    const idle: Deno.TcpConn[] = [];
    try {
      // As many as the limit of open files lets this process hold, 10,000 at most.
      while (idle.length < 10_000) {
        const next = await Deno.connect({ hostname: "127.0.0.1", port: server.port })
          .catch(() => undefined);
        if (next === undefined) break;
        idle.push(next);
      }
      for (const connection of idle.splice(0, 20)) connection.close();
      await assertAnswers(server);
    } finally {
      for (const connection of idle) connection.close();
    }
  },
);

programTest(
  program,
  "idle connections beyond the limit of open files end the server for no longer than they are there",
  async (path) => {
    const { home } = await openHome();
    await using _home = home;
    const limited = ["sh", "-c", 'ulimit -Sn 128; exec "$0" "$@"', path];
    await using server = await serve(home, limited);
    const idle: Deno.TcpConn[] = [];
    for (let count = 0; count < 400; count++) {
      const next = await Deno.connect({ hostname: "127.0.0.1", port: server.port })
        .catch(() => undefined);
      if (next !== undefined) idle.push(next);
    }
    assert(idle.length > 100, "there were hardly any");
    for (const connection of idle) connection.close();
    let answer = "";
    for (const end = Date.now() + 60_000; !answer.includes(" 200 ") && Date.now() < end;) {
      answer = await send(server.port, request(server)).catch(() => "");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await assertAnswers(server);
  },
);

programTest(program, "a port is taken over with a token that opens nothing", async (path) => {
  const { home } = await openHome();
  await using _home = home;
  let first: Served | undefined;
  {
    await using server = await serve(home, path);
    first = server;
  }
  await assertRejects(() => Deno.stat(first.tokenFile), Deno.errors.NotFound);
  await using next = await serve(home, path, "--port", String(first.port));
  assert(next.token !== first.token && next.path !== first.path);
  assertStringIncludes(await send(next.port, request(first)), "HTTP/1.1 401 ");
  await assertAnswers(next);
});

const canPlayAnother = await isRoot() && await isInstalled("setpriv");

programTest(
  canPlayAnother ? program : { missing: "root and setpriv are needed" },
  "another user reads neither the token nor the environment of the program",
  async (path) => {
    const { home } = await openHome();
    await using _home = home;
    await Deno.chmod(home.path, 0o755);
    await Deno.chmod(`${home.path}/.aws`, 0o755);
    await using server = await serve(home, path);
    assertEquals((await Deno.stat(server.tokenFile)).mode ?? 0, 0o100600);
    assertEquals(await Deno.readTextFile(server.tokenFile), server.token);
    const other = ["--reuid=65534", "--regid=65534", "--clear-groups", "cat"];
    for (const secret of [server.tokenFile, `/proc/${server.pid}/environ`]) {
      const { code, stdout } = await new Deno.Command("setpriv", {
        args: [...other, secret],
        stderr: "null",
      }).output();
      assert(code !== 0 && stdout.length === 0, secret);
    }
  },
);
