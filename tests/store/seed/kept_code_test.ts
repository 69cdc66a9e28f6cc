import { assertEquals, assertRejects } from "@std/assert";
import { MfaError } from "../../../src/errors.ts";
import type { SealedSeed, SealedStore } from "../../../src/store/port.ts";
import { type KeptCodePorts, nextKeptCode } from "../../../src/store/seed/kept_code.ts";
import { formatSeedNote, parseSeedNote } from "../../../src/store/seed/seed_note.ts";
import { codeOfStep } from "../../../src/store/seed/totp.ts";
import { fakeSystem } from "../../fake_system.ts";

const serial = "arn:aws:iam::123456789012:mfa/kim";
const seed: SealedSeed = {
  version: 1,
  secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  ...{ algorithm: "SHA-1", digits: 6, period: 30 },
  serial,
};
const path = "/home/kim/.aws/stsaval/sealed/kim.mfa.json";
const note = { version: 1, opener: "keyctl", serial, added: "2026-01-01T00:00:00.000Z" } as const;

function machine(content: string | undefined = JSON.stringify(seed)) {
  const system = fakeSystem({ files: { [path]: formatSeedNote(note) } });
  const { clock, env, files } = system;
  const store: Pick<SealedStore, "read"> = {
    read: ({ kind, profile }) =>
      Promise.resolve(kind === "mfa" && profile === "kim" ? content : undefined),
  };
  const waits: number[] = [];
  const locked: string[] = [];
  let last = Promise.resolve();
  const ports: KeptCodePorts = {
    ...{ clock, env, files, store },
    onWait: (seconds) => void waits.push(seconds),
    async lock(lock) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = last;
      last = promise;
      await before;
      locked.push(lock);
      return {
        [Symbol.dispose]() {
          locked.pop();
          resolve();
        },
      };
    },
  };
  const noteNow = async () => parseSeedNote(await files.readText(path) ?? "");
  return { ...system, ports, waits, locked, noteNow };
}

const wanted = { profile: "kim", serial } as const;
const stepMs = 30_000;

Deno.test("the code of the present step is given at once, and noted as used before it is", async () => {
  const { ports, clock, waits, noteNow } = machine();
  const step = Math.floor(clock.now() / stepMs);
  assertEquals(await nextKeptCode(ports, wanted), await codeOfStep(seed, step));
  assertEquals(waits, []);
  assertEquals(await noteNow(), { ...note, usedUntil: (step + 1) * stepMs });
});

Deno.test("a code that was used is not given again: the next step is waited for, in any process", async () => {
  const { ports, clock, waits, noteNow, locked } = machine();
  await clock.advance(10_000);
  const step = Math.floor(clock.now() / stepMs);
  await nextKeptCode(ports, wanted);
  const [second, third] = [nextKeptCode(ports, wanted), nextKeptCode(ports, wanted)];
  const codes: string[] = [];
  for (const code of [second, third]) code.then((text) => codes.push(text));
  await clock.advance(0);
  assertEquals([codes, locked], [[], []]);
  await clock.advance(19_999);
  assertEquals(codes, []);
  await clock.advance(1);
  assertEquals(await second, await codeOfStep(seed, step + 1));
  await clock.advance(30_000);
  assertEquals(await third, await codeOfStep(seed, step + 2));
  assertEquals(waits, [20, 50]);
  assertEquals((await noteNow())?.usedUntil, (step + 3) * stepMs);
});

Deno.test("a wait that is aborted gives no code", async () => {
  const { ports, clock } = machine();
  await nextKeptCode(ports, wanted);
  const stop = new AbortController();
  const code = nextKeptCode(ports, { ...wanted, signal: stop.signal });
  await clock.advance(0);
  stop.abort(new Error("interrupted"));
  await assertRejects(() => code, Error, "interrupted");
});

Deno.test("a note of a clock that was set back since is not waited for", async () => {
  const { ports, clock, files, waits } = machine();
  const step = Math.floor(clock.now() / stepMs);
  const usedUntil = (step + 1_000) * stepMs;
  await files.replaceText(path, formatSeedNote({ ...note, usedUntil }));
  assertEquals(await nextKeptCode(ports, wanted), await codeOfStep(seed, step));
  assertEquals(waits, []);
});

Deno.test("a seed with another period goes by it", async () => {
  const slow = { ...seed, period: 60 };
  const { ports, clock, waits } = machine(JSON.stringify(slow));
  const step = Math.floor(clock.now() / 60_000);
  assertEquals(await nextKeptCode(ports, wanted), await codeOfStep(slow, step));
  const next = nextKeptCode(ports, wanted);
  await clock.advance(60_000);
  assertEquals(await next, await codeOfStep(slow, step + 1));
  assertEquals(waits.length, 1);
});

Deno.test("a seed that is not there, is torn, or is of another device gives no code", async () => {
  const other = JSON.stringify({ ...seed, serial: "arn:aws:iam::123456789012:mfa/other" });
  for (
    const [content, why] of [
      [undefined, "no seed is kept for it"],
      ["{", "what is kept is no seed of this version"],
      [other, 'the seed of "arn:aws:iam::123456789012:mfa/other" is kept, and a code of'],
    ] as const
  ) {
    const { ports, noteNow } = machine();
    const store = { read: () => Promise.resolve(content) };
    const error = await assertRejects(
      () => nextKeptCode({ ...ports, store }, wanted),
      MfaError,
      why,
    );
    assertEquals(error.hint?.includes("stsaval mfa add kim"), true);
    assertEquals(await noteNow(), note);
  }
});

Deno.test("a seed whose device is not known, and a code for no device in particular, are fine", async () => {
  const { serial: _serial, ...unnamed } = seed;
  const { ports } = machine(JSON.stringify(unnamed));
  assertEquals((await nextKeptCode(ports, wanted)).length, 6);
  assertEquals((await nextKeptCode(machine().ports, { profile: "kim" })).length, 6);
});

Deno.test("parseSeedNote() reads what was written, and nothing else", () => {
  assertEquals(parseSeedNote(formatSeedNote({ ...note, usedUntil: 5 })), { ...note, usedUntil: 5 });
  for (const text of ["", "null", "{}", '{"version":2,"opener":"a","added":"b"}']) {
    assertEquals(parseSeedNote(text), undefined);
  }
});
