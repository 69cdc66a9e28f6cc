import { assertEquals } from "@std/assert";
import {
  formatLookup,
  type Lookup,
  lookupQuery,
  parseLookup,
} from "../../../src/cache/lookups/lookup.ts";

const key = "0123456789abcdef".repeat(4);
const role: Lookup = {
  ...{ profile: "dev", key, last: "role", durationSeconds: 3_600, region: "eu-west-1" },
};
const session: Lookup = {
  ...{ profile: "kim", key, last: "session", durationSeconds: undefined, region: undefined },
};

Deno.test("a lookup is read as it was written, on one line", () => {
  for (const lookup of [role, session]) assertEquals(parseLookup(formatLookup(lookup)), lookup);
  assertEquals(
    formatLookup(role),
    `{"version":1,"profile":"dev","key":"${key}","last":"role","durationSeconds":3600,"region":"eu-west-1"}\n`,
  );
});

const odd: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "another version": { version: 2 },
  "no profile": { profile: 1 },
  "a key that leaves the folder": { key: `../${key.slice(3)}` },
  "a key that is too long": { key: `${key}0` },
  "no key": { key: undefined },
  "a step that there is not": { last: "user" },
  "a role without a duration": { durationSeconds: undefined },
  "a region that is no text": { region: 1 },
};

for (const [what, change] of Object.entries(odd)) {
  Deno.test(`a lookup with ${what} is none`, () => {
    const text = JSON.stringify({ version: 1, ...role, ...change });
    assertEquals(parseLookup(text), undefined);
  });
}

Deno.test("a text that is no lookup is none", () => {
  for (const text of ["", "{", "[]", "null", formatLookup(role).slice(0, 40)]) {
    assertEquals(parseLookup(text), undefined);
  }
});

Deno.test("a role is wanted for its duration and as SDKs want it, a session token while it is fresh", () => {
  const minute = 60_000;
  const hour = { StartTime: new Date(0), Expiration: new Date(60 * minute) };
  const tenHours = { StartTime: new Date(0), Expiration: new Date(600 * minute) };
  assertEquals(lookupQuery(role).durationSeconds, 3_600);
  assertEquals(lookupQuery(role).serves?.(hour, 44 * minute), true);
  assertEquals(lookupQuery(role).serves?.(hour, 45 * minute), false);
  assertEquals(lookupQuery(session).durationSeconds, undefined);
  assertEquals(lookupQuery(session).serves?.(tenHours, 584 * minute), true);
  assertEquals(lookupQuery(session).serves?.(tenHours, 585 * minute), false);
  // A short one counts as fresh until a quarter is left; for SDKs only if it hardly lives longer than their window.
  const short = { StartTime: new Date(0), Expiration: new Date(20 * minute) };
  assertEquals(lookupQuery(session).serves?.(short, 14 * minute), true);
  assertEquals(lookupQuery(role).serves?.(short, 14 * minute), false);
});
