/**
 * A JSR on loopback with the four @std packages, for networks without JSR: the local editions of `vendor/std`, each
 * bundled into one module, so that nothing in them comes from elsewhere.
 *
 * @module
 */

interface Edition {
  readonly name: string;
  readonly version: string;
  readonly exports: string | Readonly<Record<string, string>>;
}

/** The registry; disposing it stops it. */
export interface JsrRegistry extends AsyncDisposable {
  /** What `JSR_URL` is set to. */
  readonly url: string;
}

/** Bundles the editions and serves them. */
export async function serveJsr(): Promise<JsrRegistry> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir("vendor/std")) {
    if (name !== "README.md") await addPackage(files, `vendor/std/${name}`);
  }
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const { pathname } = new URL(url);
    const text = files.get(pathname);
    if (text === undefined) return new Response(null, { status: 404 });
    const type = pathname.endsWith(".json") ? "application/json" : "application/typescript";
    return new Response(text, { headers: { "content-type": type } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The files of a package, as https://jsr.io/docs/api#package-version-metadata says. */
async function addPackage(files: Map<string, string>, folder: string): Promise<void> {
  const edition: Edition = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
  const { name, version } = edition;
  const exports = typeof edition.exports === "string" ? { ".": edition.exports } : edition.exports;
  const manifest: Record<string, unknown> = {};
  for (const file of new Set(Object.values(exports))) {
    const text = await bundle(`${folder}/${file}`);
    const path = file.slice(1);
    files.set(`/${name}/${version}${path}`, text);
    manifest[path] = { size: text.length, checksum: `sha256-${await digest(text)}` };
  }
  files.set(`/${name}/meta.json`, JSON.stringify({ name, versions: { [version]: {} } }));
  files.set(`/${name}/${version}_meta.json`, JSON.stringify({ manifest, exports }));
}

async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", entry],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  // Its types are not known, and nobody checks them.
  return `// @ts-nocheck: a bundle\n${new TextDecoder().decode(stdout)}`;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
