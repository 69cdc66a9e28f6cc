import { assertEquals } from "@std/assert";
import { settle, settlePromises } from "./settle.ts";

/** What takes time on other threads, on the event loop or in promises alone. */
const works: Readonly<Record<string, () => Promise<unknown>>> = {
  "cryptography, one step after the other": async () => {
    const salt = new Uint8Array(16);
    const key = await crypto.subtle.importKey("raw", salt, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 200_000 };
    for (let step = 0; step < 3; step++) {
      const bits = await crypto.subtle.deriveBits(how, key, 256);
      for (let short = 0; short < 50; short++) await crypto.subtle.digest("SHA-256", bits);
    }
  },
  "an import": () => import("../vendor/std/ini/mod.ts"),
  "a stream": () => new Response(new Blob(["x".repeat(1_000_000)]).stream()).text(),
  "promises": async () => {
    for (let turn = 0; turn < 10_000; turn++) await Promise.resolve();
  },
  "a timer": () => new Promise((resolve) => setTimeout(resolve, 20)),
};

for (const [name, work] of Object.entries(works)) {
  Deno.test(`settle() waits for ${name}`, async () => {
    let ended = 0;
    const begin = () => void work().then(() => ended++);
    begin();
    await settle();
    assertEquals(ended, 1);
    void Promise.resolve().then(begin);
    await settle();
    assertEquals(ended, 2, "what begins later is waited for as well");
  });
}

Deno.test({
  name: "settle() does not wait for what the test itself has to do",
  permissions: "none",
  async fn() {
    const gate = Promise.withResolvers<void>();
    let passed = false;
    void gate.promise.then(() => crypto.subtle.digest("SHA-256", new Uint8Array(8))).then(() =>
      passed = true
    );
    await settle();
    assertEquals(passed, false);
    gate.resolve();
    await settle();
    assertEquals(passed, true);
  },
});

Deno.test({
  name: "settlePromises() waits for promises, however many follow one another",
  permissions: "none",
  async fn() {
    for (const count of [1, 100, 10_000]) {
      let turns = 0;
      void (async () => {
        while (turns < count) turns += await Promise.resolve(1);
      })();
      await settlePromises();
      assertEquals(turns, count);
    }
  },
});
