import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { chooseNames, groupMembers } from "../../../src/config/names/choose.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { ProfileError } from "../../../src/errors.ts";
import { fakeSystem } from "../../fake_system.ts";

const roles = ["app-dev", "app-qa", "db-dev"].map((name) =>
  `[profile ${name}]\nregion = eu-west-1\n`
);
const groups = `[profile "a,b"]
region = x
[profile "odd*"]
region = x
[stsaval-group app]
profiles = app-dev, app-qa,
  db-*
[stsaval-group all]
profiles = app, app-dev
[stsaval-group "with space"]
profiles = app-qa
[stsaval-group app-dev]
profiles = db-dev
[stsaval-group commas]
profiles = a\\,b, app-qa
[stsaval-group loop]
profiles = back
[stsaval-group back]
profiles = loop, app-dev
[stsaval-group broken]
profiles = app-dve, nobody-at-all
[stsaval-group empty]
`;

function configOf(text = roles.join("") + groups) {
  return loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": text } }));
}

const cases: readonly (readonly [words: readonly string[], names: readonly string[]])[] = [
  [["app-dev"], ["app-dev"]],
  [["app-qa", "app-dev", "app-qa"], ["app-qa", "app-dev"]],
  [["app-qa,app-dev", "nobody"], ["app-qa", "app-dev", "nobody"]],
  [["*-dev"], ["app-dev", "db-dev"]],
  [["app"], ["app-dev", "app-qa", "db-dev"]],
  [["all"], ["app-dev", "app-qa", "db-dev"]],
  [["app , db-dev,,"], ["app-dev", "app-qa", "db-dev"]],
  [["a,b"], ["a,b"]],
  [["a\\,b,app-dev"], ["a,b", "app-dev"]],
  [["app-dev, a\\,b"], ["app-dev", "a,b"]],
  [["a\\,c,app-dev"], ["a,c", "app-dev"]],
  [["commas"], ["a,b", "app-qa"]],
  [["odd*"], ["odd*"]],
  [["with space"], ["app-qa"]],
  [[], []],
];

for (const [words, names] of cases) {
  Deno.test(`chooseNames() makes ${JSON.stringify(names)} of ${JSON.stringify(words)}`, async () => {
    assertEquals(chooseNames(await configOf(), words), names);
  });
}

const failures: readonly (readonly [word: string, message: string, hint: string])[] = [
  ["*-dve", 'Cannot find a profile that matches "*-dve": none of 5 does', '"*-dev"'],
  ["zzz*", 'matches "zzz*"', "'stsaval profiles' lists"],
  ["loop", 'it holds itself: "loop" -> "back" -> "loop"', "let groups name profiles"],
  ["empty", 'Cannot use group "empty" at "/home/kim/.aws/config", line', '"profiles = a, b"'],
];

for (const [word, message, hint] of failures) {
  Deno.test(`chooseNames() says why "${word}" stands for nothing`, async () => {
    const config = await configOf();
    const error = assertThrows(() => chooseNames(config, ["app-dev", word]), ProfileError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.hint ?? "", hint);
    assertEquals(error.problems.length, 1);
  });
}

Deno.test("every member of a group that is unknown is named, with the nearest name", async () => {
  const config = await configOf();
  const { message } = assertThrows(() => groupMembers(config, "broken"), ProfileError);
  assertStringIncludes(message, '"app-dve" is no profile and no group (did you mean "app-dev"?)');
  assertStringIncludes(message, '"nobody-at-all" is no profile and no group');
});

Deno.test("a profile counts before a group of its name, and a warning says so", async () => {
  const config = await configOf();
  assertEquals(chooseNames(config, ["app-dev"]), ["app-dev"]);
  assertEquals(
    config.warnings.map(({ message }) => message),
    ['section "[stsaval-group app-dev]" ignored: a profile has that name'],
  );
});

Deno.test("groups stand in the config file, with a name and profiles only", async () => {
  const config = await loadConfig(fakeSystem({
    files: {
      "/home/kim/.aws/config": "[stsaval-group]\nprofiles = a\n[stsaval-group g]\nprofile = a\n",
      "/home/kim/.aws/credentials": "[stsaval-group h]\nprofiles = a\n",
    },
  }));
  assertEquals([...config.groups.keys()], ["g"]);
  assertEquals([...config.profiles.keys()], []);
  assertEquals(config.warnings.map(({ message }) => message), [
    'section "[stsaval-group]" ignored: a group is "[stsaval-group name]"',
    'section "[stsaval-group h]" ignored: groups of profiles stand in the config file',
    'setting ignored: "profile", a group has only "profiles"',
  ]);
});

Deno.test("groups that each hold the next one twice are looked at once, and a long row has its error", async () => {
  const row = (length: number, member: (next: string) => string) =>
    Array.from(
      { length },
      (_, index) => `[stsaval-group g${index}]\nprofiles = ${member(`g${index + 1}`)}\n`,
    ).join("") + `[stsaval-group g${length}]\nprofiles = app-dev\n`;
  const twice = await configOf(roles.join("") + row(60, (next) => `${next}, ${next}`));
  assertEquals(chooseNames(twice, ["g0"]), ["app-dev"]);
  const long = await configOf(roles.join("") + row(20_000, (next) => next));
  const { message } = assertThrows(() => chooseNames(long, ["g0"]), ProfileError);
  assertStringIncludes(message, "it is the last of more than 100 groups within each other");
});
