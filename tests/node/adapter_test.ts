/**
 * The adapter of Node and Bun, for real: files, programs, requests and the environment. Under Deno it is left out, since
 * no program of Deno loads it: `deno task test:node` runs it.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createServer, type Server } from "node:http";
import { lstat, mkdtemp, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";
import { ProgramError, StsavalError } from "../../src/errors.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";
import { StsCore } from "../../mod.ts";

/** Declares a test that Deno leaves out. */
function nodeTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: "Deno" in globalThis, fn });
}

const ports = async () => (await import("../../src/node/system.ts")).nodeSystem;

async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/stsaval-node-`);
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

nodeTest(
  "a file is replaced as a whole with mode 0600, in a folder that is made for it",
  async () => {
    const { files } = await ports();
    await inScratch(async (folder) => {
      const path = `${folder}/made/below/file`;
      assertEquals(await files.readText(path), undefined);
      await files.replaceText(path, "\ufeffone\n");
      assertEquals(await files.readText(path), "\ufeffone\n");
      const facts = await files.facts(path);
      assertEquals([facts?.mode, facts?.foreign, facts?.special, facts?.size], [
        0o600,
        false,
        false,
        7,
      ]);
      assertMatch(facts?.version ?? "", /^\d+:\d+:7:\d{10}:\d{10}\.\d{3}$/);
      assertEquals((await files.facts(`${folder}/made`))?.mode, 0o700);
      await files.replaceText(path, "two", { stillWanted: () => Promise.resolve(false) });
      assertEquals(await files.list(`${folder}/made/below`), ["file"]);
      assertEquals(await files.readBytes?.(path), new TextEncoder().encode("\ufeffone\n"));
      await files.remove(path);
      await files.remove(path);
      assertEquals(await files.facts(path), undefined);
      assertEquals(await files.list(`${folder}/none`), []);
      await assertRejects(
        () => files.replaceText(`${folder}/none/file`, "", { makeFolders: false }),
        Error,
        "no such file or folder",
      );
      await assertRejects(() => files.readText(folder), Error, "it is a folder");
      assertEquals(await files.readText("/dev/null"), "");
    });
  },
);

nodeTest("a linked file stays linked, and a circle of links is told in words", async () => {
  const { files } = await ports();
  await inScratch(async (folder) => {
    await writeFile(`${folder}/target`, "old");
    await symlink("target", `${folder}/link`);
    await files.replaceText(`${folder}/link`, "new");
    assertEquals(await files.readText(`${folder}/target`), "new");
    assertEquals(await readlink(`${folder}/link`), "target");
    assert((await lstat(`${folder}/link`)).isSymbolicLink());
    assert((await files.target(`${folder}/link`)).endsWith("/target"));
    await symlink("circle", `${folder}/circle`);
    await assertRejects(() => files.replaceText(`${folder}/circle`, ""), Error, "in a circle");
  });
});

nodeTest("there is no lock, and a StsCore says so before it shares anything", async () => {
  const { files } = await ports();
  const error = await assertRejects(() => files.lock("/tmp/x.lock", "tests"), Error);
  assertEquals(error.message, "Node and Bun have no locks of the kernel");
  const controller = new AbortController();
  controller.abort(new Error("halt"));
  const { signal } = controller;
  await assertRejects(() => files.lock("/tmp/x.lock", "tests", { signal }), Error, "halt");
  await using core = new StsCore({ cache: "disk" });
  await assertRejects(() => core.profiles(), StsavalError, 'Cannot use the cache "disk"');
});

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

nodeTest(
  "a program's output and exit code are read, with its variables and its input",
  async () => {
    const { processes } = await ports();
    const script = 'read -r line; echo "$NAME $line"; echo aside >&2; exit 3';
    const child = processes.startPiped(["sh", "-c", script], { NAME: "kim" }, {
      input: "typed\n",
      mergesErrors: true,
    });
    assertEquals((await textOf(child.stdout)).split("\n").sort(), ["", "aside", "kim typed"]);
    assertEquals(await child.exit, 3);
    assert(child.kill("SIGTERM"), "it has ended");
    const sleeping = processes.startPiped(["sleep", "60"]);
    assert(sleeping.kill("SIGTERM"));
    assertEquals(await sleeping.exit, 143);
  },
);

nodeTest("a program that cannot be started says why", async () => {
  const { processes } = await ports();
  const rows = [["no-such-program-here", "there is no such program"], ["/", "permission denied"]];
  for (const [program = "", why = ""] of rows) {
    const run = async () => {
      const child = processes.startPiped([program]);
      assertEquals(await textOf(child.stdout), "");
      return await child.exit;
    };
    await assertRejects(run, ProgramError, `Cannot run "${program}": ${why}`);
  }
});

/** A server on loopback that says what it was asked. */
async function serve(name: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((request, response) => {
    const status = request.url?.endsWith("/empty")
      ? 204
      : request.url?.endsWith("/away")
      ? 302
      : 200;
    if (request.url?.endsWith("/never")) return;
    response.writeHead(status, { "x-name": name, location: "http://127.0.0.1:1/" });
    let body = "";
    request.on("data", (part) => body += part);
    request.on(
      "end",
      () => response.end(status === 204 ? "" : `${name} ${request.method} ${body}`),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

nodeTest("a request is sent as it is, its response read, and no redirect followed", async () => {
  const { network } = await ports();
  await using server = await serve("target");
  const { url } = server;
  const response = await network.fetch(new Request(url, { method: "POST", body: "text" }));
  assertEquals([response.status, response.headers.get("x-name")], [200, "target"]);
  assertEquals(await response.text(), "target POST text");
  const away = await network.fetch(new Request(`${url}/away`, { redirect: "manual" }));
  assertEquals(away.status, 302);
  const empty = await network.fetch(new Request(`${url}/empty`));
  assertEquals([empty.status, await empty.text()], [204, ""]);
  const controller = new AbortController();
  const never = network.fetch(new Request(`${url}/never`, { signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("halt")), 20);
  await assertRejects(() => never, Error, "halt");
  const refused = await assertRejects(() => network.fetch(new Request("http://127.0.0.1:1/")));
  assert(refused instanceof TypeError);
  assertStringIncludes(refused.message, "ECONNREFUSED");
});

/** Sets variables while the work is done. */
async function withVariables(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

nodeTest(
  "proxies of the environment are used, gone around where asked, and never passed over",
  async () => {
    const { network } = await ports();
    await using server = await serve("target");
    await using proxy = await serve("proxy");
    const { url } = server;
    const nameOf = async (options?: { isDirect: boolean }) =>
      (await network.fetch(new Request(url), options)).headers.get("x-name");
    assertEquals(await nameOf(), "target");
    await withVariables({ http_proxy: proxy.url }, async () => {
      assertEquals(await nameOf(), "proxy");
      assertEquals(await nameOf({ isDirect: true }), "target");
    });
    await withVariables({ HTTP_PROXY: proxy.url.replace("http://", "") }, async () => {
      assertEquals(await nameOf(), "proxy");
    });
    await withVariables({ http_proxy: proxy.url, no_proxy: "127.0.0.1" }, async () => {
      assertEquals(await nameOf(), "target");
    });
    await withVariables({ all_proxy: "socks5://kim:secret@127.0.0.1:1080" }, async () => {
      const error = await assertRejects(
        () => nameOf(),
        TypeError,
        "proxies of http and https alone",
      );
      assert(!error.message.includes("secret"));
    });
  },
);

nodeTest("agents take proxies from Node 22.21 and 24.5 on", async () => {
  const { hasProxies } = await import("../../src/node/agents.ts");
  const rows = { "22.20.9": false, "22.21.0": true, "23.11.0": false, "24.4.1": false };
  for (const [version, has] of Object.entries({ ...rows, "24.5.0": true, "26.0.0": true })) {
    assertEquals(hasProxies(version), has, version);
  }
});

nodeTest("HOME comes from the password database where it is not set", async () => {
  const { env } = await ports();
  const { HOME } = process.env;
  assertEquals(env.get("HOME"), HOME || env.get("HOME"));
  delete process.env["HOME"];
  try {
    assert((env.get("HOME") ?? "").length > 1);
    assertEquals(env.get("STSAVAL_NO_SUCH_VARIABLE"), undefined);
  } finally {
    if (HOME !== undefined) process.env["HOME"] = HOME;
  }
});

nodeTest("a client of the AWS SDK signs with what provider() gives", async () => {
  const { ListBucketsCommand, S3Client } = await import("npm:@aws-sdk/client-s3@3.1175.0");
  const seen: (string | string[] | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization, request.headers["x-amz-security-token"]);
    response.end("<ListAllMyBucketsResult/>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const emulator = createStsEmulator();
  await using core = new StsCore({ system: emulatorSystem(emulator) });
  const set = await core.generateCredentials(["DynamoDBRole-dev"], {
    mfaCode: (serial) => emulator.mfaCode(serial),
  });
  const client = new S3Client({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials: set.provider("DynamoDBRole-dev"),
  });
  try {
    await client.send(new ListBucketsCommand({}));
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
  const { AccessKeyId, SessionToken } = set["sts-DynamoDBRole-dev"];
  assertStringIncludes(String(seen[0]), `Credential=${AccessKeyId}/`);
  assertEquals(seen[1], SessionToken);
});
