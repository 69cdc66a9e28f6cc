/**
 * The user's browser, with a real `/bin/sh` and a program that writes down what it is to open.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { HelperBrowser } from "../../src/cli/programs/browser.ts";
import { denoSystem } from "../../src/deno/system.ts";
import type { Helpers } from "../../src/system.ts";

const announced = [
  "https://oidc.eu-west-1.amazonaws.com/authorize?",
  "https://device.sso.eu-west-1.amazonaws.com/",
];
const page = "https://oidc.eu-west-1.amazonaws.com/authorize?state=a%20b&scopes=sso:account:access";

/** A folder with an opener; what it was called with is in `opened`, a line for each word. */
async function makeOpener(name: string) {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-opener-" });
  const file = `${folder}/${name}`;
  await Deno.writeTextFile(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$#" "$@" >"${folder}/part"\nmv "${folder}/part" "${folder}/opened"\n`,
    { mode: 0o755 },
  );
  return { folder, file, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

/** Helpers with these variables instead of the machine's own for displays and browsers. */
function helpersWith(env: Readonly<Record<string, string>>): Helpers {
  return {
    program: "/bin/sh",
    start: (script, words = [], options) => {
      const cleared = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
        .map((name) => `unset ${name}\n`).join("");
      const set = Object.entries(env).map(([name, value]) =>
        `export ${name}='${value.replaceAll("'", "'\\''")}'\n`
      ).join("");
      return denoSystem.helpers.start(cleared + set + script, words, options);
    },
  };
}

async function opened(folder: string): Promise<string> {
  while (true) {
    try {
      return await Deno.readTextFile(`${folder}/opened`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

Deno.test("a page that was announced is opened as one word, by the program of BROWSER or of the desktop", async () => {
  for (
    const [name, env] of [
      ["firefox", (file: string) => ({ BROWSER: file })],
      ["firefox", (file: string) => ({ BROWSER: `${file}:w3m` })],
      ["xdg-open", (file: string) => ({ DISPLAY: ":0", PATH: directory(file) })],
      ["xdg-open", (file: string) => ({ WAYLAND_DISPLAY: "wayland-0", PATH: directory(file) })],
      ["wslview", (file: string) => ({ WSL_DISTRO_NAME: "Debian", PATH: directory(file) })],
    ] as const
  ) {
    await using opener = await makeOpener(name);
    const browser = new HelperBrowser(helpersWith(env(opener.file)), announced);
    assertEquals(await browser.isHere(), true, name);
    assertEquals(await browser.open(page), true, name);
    assertEquals(await opened(opener.folder), `1\n${page}\n`);
    await browser.close(denoSystem.clock);
  }
});

function directory(file: string): string {
  return `${file.replace(/\/[^/]*$/, "")}:/usr/bin:/bin`;
}

Deno.test("there is no browser without a display, nor one in a terminal", async () => {
  await using opener = await makeOpener("xdg-open");
  const { folder } = opener;
  await Deno.copyFile(opener.file, `${folder}/w3m`);
  const path = { PATH: `${folder}:/usr/bin:/bin` };
  for (
    const env of [
      path,
      { ...path, BROWSER: `${folder}/w3m` },
      { ...path, BROWSER: "no-such-browser" },
      { ...path, BROWSER: "" },
      { ...path, BROWSER: `${folder}/w3m %s` },
      { DISPLAY: ":0", PATH: "/nowhere" },
    ]
  ) {
    const browser = new HelperBrowser(helpersWith(env), announced);
    assertEquals(await browser.isHere(), false, JSON.stringify(env));
    assertEquals(await browser.open(page), false);
    await browser.close(denoSystem.clock);
  }
});

Deno.test("no other page is opened, whatever its address holds", async () => {
  await using opener = await makeOpener("firefox");
  const { folder, file } = opener;
  const browser = new HelperBrowser(helpersWith({ BROWSER: file }), announced);
  for (
    const url of [
      "https://evil.example/authorize?",
      "https://oidc.eu-west-1.amazonaws.com@evil.example/authorize?",
      "https://oidc.eu-west-1.amazonaws.com.evil.example/authorize?",
      "http://oidc.eu-west-1.amazonaws.com/authorize?",
      "https://oidc.eu-west-1.amazonaws.com/other",
      "javascript:alert(1)",
      "file:///etc/passwd",
      "--version",
      "",
      `${page}\nhttps://evil.example/`,
      `${page}'; touch ${folder}/opened; '`,
      `${page}"$(touch ${folder}/opened)"`,
      `${page}\`touch ${folder}/opened\``,
      `${page}\\`,
      `${page} --new-window`,
      `${page}\0`,
      `${page}\u202e`,
    ]
  ) assertEquals(await browser.open(url), false, url);
  // What may look like code to a shell and is an address.
  const odd = `${announced[1]}?a=$(touch&b=;*[x]{}`.replace(/[{}]/g, "");
  assertEquals(await browser.open(odd), true);
  assertEquals(await opened(folder), `1\n${odd}\n`);
  await browser.close(denoSystem.clock);
});
