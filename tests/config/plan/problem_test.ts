import { assertEquals, assertThrows } from "@std/assert";
import { failProblems, profileAt, reasonOf, settingAt } from "../../../src/config/plan/problem.ts";
import type { Profile } from "../../../src/config/profile.ts";
import { ProfileError } from "../../../src/errors.ts";

const profile: Profile = {
  name: "a",
  place: { file: "/c", line: 1 },
  places: { roleArn: { file: "/c", line: 3 } },
  problems: [
    { field: "roleArn", message: "role_arn is odd" },
    { field: "region", message: "region is odd" },
    { message: "line 4 is odd" },
  ],
};

Deno.test({
  name: "a setting is told with its own place, or with that of its profile",
  permissions: "none",
  fn() {
    assertEquals(settingAt(profile, "roleArn"), 'role_arn of profile "a" at "/c", line 3');
    assertEquals(settingAt(profile, "region"), 'region of profile "a" at "/c", line 1');
    assertEquals(reasonOf(profile, "roleArn"), 'profile "a" sets role_arn at "/c", line 3');
    assertEquals(reasonOf(profile, "region"), 'profile "a" sets region at "/c", line 1');
    assertEquals(profileAt(profile), 'profile "a" at "/c", line 1');
  },
});

Deno.test({
  name: "failProblems() tells each problem of the fields that count, once",
  permissions: "none",
  fn() {
    const told = (fields: Parameters<typeof failProblems>[1][number][1]) => {
      const use = [profile, fields] as const;
      return assertThrows(() => failProblems("b", [use, use]), ProfileError).message;
    };
    assertEquals(
      told(["region", "roleArn"]),
      'Cannot use profile "b": role_arn is odd; region is odd',
    );
    assertEquals(told(["line"]), 'Cannot use profile "b": line 4 is odd');
    failProblems("b", [[profile, ["endpointUrl"]]]);
    failProblems("b", []);
  },
});
