import { assertEquals, assertThrows } from "@std/assert";
import { resolveChain } from "../../../src/config/plan/chain.ts";
import { failLoop, linkField, notStarted } from "../../../src/config/plan/chain_link.ts";
import type { Profile } from "../../../src/config/profile.ts";
import { ProfileError } from "../../../src/errors.ts";
import { configOf, configPath, keys, roleArn } from "../in_memory.ts";

const line = (name: string, next: string) =>
  `[profile ${name}]\ncredential_process = stsaval process ${next}\n`;
const role = (name: string, source: string) =>
  `[profile ${name}]\nrole_arn = ${roleArn(name)}\nsource_profile = ${source}\n`;

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

function profileOf(name: string, parts: Partial<Profile> = {}): Profile {
  const place = { file: configPath, line: 1 };
  return { name, place, places: {}, problems: [], ...parts };
}

async function loopOf(config: string, name: string): Promise<ProfileError> {
  const loaded = await configOf({ config });
  return assertThrows(() => resolveChain(loaded, name), ProfileError);
}

pure("a role leads to its source profile, and a profile without one by its command line", () => {
  assertEquals(linkField(profileOf("a", { roleArn: roleArn("a") })), "sourceProfile");
  assertEquals(linkField(profileOf("a")), "credentialProcess");
  const places = { credentialProcess: { file: configPath, line: 4 } };
  assertEquals(
    notStarted(profileOf("a", { places }), "b"),
    `credential_process of profile "a" at "${configPath}", line 4 asks stsaval for profile "b", so ` +
      "no program is started for it",
  );
});

pure(
  "a loop through a command line is told from where it begins, each link with its place",
  async () => {
    for (
      const [config, name, links] of [
        [line("a", "a"), "a", [["a", 2]]],
        [line("a", "b") + line("b", "a"), "a", [["a", 2], ["b", 4]]],
        [role("top", "a") + line("a", "b") + line("b", "a"), "top", [["a", 5], ["b", 7]]],
        [line("a", "b") + role("b", "a"), "a", [["a", 2], ["b", 5]]],
      ] as const
    ) {
      const { message, hint } = await loopOf(config, name);
      const told = links.map(([name, at]) => `"${name}" ("${configPath}", line ${at}) -> `).join(
        "",
      );
      assertEquals(
        message,
        `Cannot use profile "${name}": its profiles form a loop: ${told}"${links[0][0]}"`,
      );
      assertEquals(hint, "let one of these profiles have credentials of its own");
    }
  },
);

pure("a link whose setting has no place is told with that of its profile", () => {
  const [a, b] = [profileOf("a"), profileOf("b")];
  const { message } = assertThrows(() => failLoop("a", [a, b], a), ProfileError);
  assertEquals(
    message,
    `Cannot use profile "a": its profiles form a loop: "a" ("${configPath}", line 1) -> ` +
      `"b" ("${configPath}", line 1) -> "a"`,
  );
});

pure("a loop of source profiles names the last one's setting, and what to do", async () => {
  const { message, hint } = await loopOf(role("a", "b") + role("b", "c") + role("c", "b"), "a");
  assertEquals(
    message,
    'Cannot use profile "a": its source profiles form a loop: "a" -> "b" -> "c" -> "b", closed by ' +
      `source_profile of profile "c" at "${configPath}", line 9`,
  );
  assertEquals(hint, "make the last of them name a profile that has keys");
  const { message: own } = await loopOf(`${role("a", "b")}${keys}${role("b", "a")}`, "a");
  assertEquals(own.includes('"a" -> "b" -> "a", closed by source_profile of profile "b"'), true);
});

pure("twelve names of a loop are told, and of more the first and the last six", async () => {
  const ring = (count: number) =>
    Array.from({ length: count }, (_, at) => role(`p${at}`, `p${(at + 1) % count}`)).join("");
  const told = async (count: number) =>
    /loop: (.*), closed/.exec((await loopOf(ring(count), "p0")).message)?.[1];
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `"p${from + at}"`);
  assertEquals(await told(11), [...names(0, 11), '"p0"'].join(" -> "));
  assertEquals(await told(12), [...names(0, 6), "…", ...names(7, 12), '"p0"'].join(" -> "));
  assertEquals(await told(20), [...names(0, 6), "…", ...names(15, 20), '"p0"'].join(" -> "));
});
