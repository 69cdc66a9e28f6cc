import { assert, assertEquals } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import type { FakeSystem } from "../../fake_system.ts";
import { jobConfig, jobVariables, names, startCluster } from "./fixtures.ts";

const minute = 60_000;

/** How often each role was renewed, as the events of `watch --json` tell. */
function renewalsOf({ terminal }: FakeSystem): readonly number[] {
  const events = terminal.stdout.trim().split("\n").map((line) => JSON.parse(line));
  return names.map((name) =>
    events.filter((event) => event.type === "refresh" && event.profile === name).length
  );
}

Deno.test("watch renews three roles on top of a web identity, each time with the token that the file holds then", async () => {
  const { emulator, rotate, system } = await startCluster();
  const words = ["watch", ...names, "--lifetime", "3h", "--json"];
  const running = main(words, system);
  // The cluster replaces the token well before its end, and the older one is then good for nothing.
  for (let elapsed = 0; elapsed < 181; elapsed += 20) {
    await system.clock.advance(20 * minute);
    await rotate(1_800);
  }
  assertEquals([await running, system.terminal.stderr.includes("ail")], [0, false]);
  assert(renewalsOf(system).every((count) => count >= 2), system.terminal.stdout);
  for (const operation of ["AssumeRole", "AssumeRoleWithWebIdentity"]) {
    assertEquals(emulator.count(operation), emulator.count(operation, "ok"), operation);
  }
  assert(emulator.count("AssumeRoleWithWebIdentity") >= 3);
});

Deno.test("watch renews three roles of a job of GitHub Actions, each time with a new token", async () => {
  const { emulator, system } = await startCluster({ config: jobConfig(), env: jobVariables });
  const words = ["watch", ...names, "--github-oidc", "--lifetime", "3h", "--json"];
  const running = main(words, system);
  await system.clock.advance(181 * minute);
  assertEquals([await running, system.terminal.stderr.includes("ail")], [0, false]);
  assert(renewalsOf(system).every((count) => count >= 2), system.terminal.stdout);
  assertEquals(
    emulator.count("GetIdToken", "ok"),
    emulator.count("AssumeRoleWithWebIdentity", "ok"),
  );
});
