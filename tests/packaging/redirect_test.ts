/**
 * `install.sh` and redirects: https at every hop, with curl and with wget.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { isInstalled } from "../peers/stsaval_process.ts";
import { installed, linkTools, Machine } from "./machine.ts";
import { serveRelease } from "./release_server.ts";

const haveOpenssl = await isInstalled("openssl");

/** A certificate for this machine, and settings with which curl and wget believe it. */
async function makeCertificate(
  home: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const [certFile, keyFile] = [`${home}/cert.pem`, `${home}/key.pem`];
  const { success } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", certFile],
    ],
  }).output();
  assertEquals(success, true);
  await Deno.writeTextFile(`${home}/.curlrc`, `cacert = "${certFile}"\n`);
  await Deno.writeTextFile(`${home}/.wgetrc`, `ca_certificate = ${certFile}\n`);
  return { cert: await Deno.readTextFile(certFile), key: await Deno.readTextFile(keyFile) };
}

/** Where the server with a certificate sends whoever asks; undefined answers with the file itself. */
type Redirect = (path: string, base: string, plain: string) => string | undefined;

const refused: Readonly<Record<string, Redirect>> = {
  "from https to http": (path, _base, plain) => plain + path,
  "to http after a hop to https": (path, base, plain) =>
    path.startsWith("/second") ? plain + path : `${base}/second${path}`,
  "to another scheme": (path) => `ftp://localhost${path}`,
  "in a circle": (path) => `/again${path}`,
};

const followed: Readonly<Record<string, Redirect>> = {
  "to https": (path, base) => path.startsWith("/second") ? undefined : `${base}/second${path}`,
  "to a path": (path) => path.startsWith("/second") ? undefined : `/second${path}`,
};

async function install(downloader: string, redirect: Redirect) {
  const machine = await Machine.start();
  await using _machine = machine;
  await using plain = await serveRelease();
  const { cert, key } = await makeCertificate(machine.home);
  await linkTools(machine.home, downloader);
  const plainBase = new URL(plain.url).origin;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", cert, key, onListen() {} },
    (request) => {
      const { pathname, host } = new URL(request.url);
      const location = redirect(pathname, `https://${host}`, plainBase);
      if (location !== undefined) return new Response(null, { status: 302, headers: { location } });
      const text = plain.files.get(pathname.replace(/^.*\//, ""));
      return text === undefined ? new Response("no", { status: 404 }) : new Response(text);
    },
  );
  try {
    const url = `https://localhost:${server.addr.port}/releases`;
    const ended = await machine.run([], {
      path: "/nowhere",
      env: { STSAVAL_DOWNLOAD_URL: url, NO_PROXY: "localhost", no_proxy: "localhost" },
    });
    return { ...ended, files: machine.files(), asked: plain.asked };
  } finally {
    await server.shutdown();
  }
}

for (const downloader of ["curl", "wget"]) {
  const missing = !haveOpenssl || !await isInstalled(downloader);
  const skipped = missing ? `, skipped: openssl or ${downloader} is not installed` : "";
  for (const [name, redirect] of Object.entries(refused)) {
    Deno.test({
      name: `install.sh follows no redirect ${name} with ${downloader}${skipped}`,
      ignore: missing,
      async fn() {
        const { code, stderr, files, asked } = await install(downloader, redirect);
        assertEquals([code, files, asked], [1, [], []]);
        assertMatch(stderr, /cannot download https:.*; nothing was installed/);
      },
    });
  }
  for (const [name, redirect] of Object.entries(followed)) {
    Deno.test({
      name: `install.sh follows a redirect ${name} with ${downloader}${skipped}`,
      ignore: missing,
      async fn() {
        const { code, stderr, files } = await install(downloader, redirect);
        assertEquals([code, stderr], [0, ""]);
        assertEquals(files, installed);
      },
    });
  }
}
