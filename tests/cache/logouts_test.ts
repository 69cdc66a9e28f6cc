import { assert, assertEquals } from "@std/assert";
import type { CacheOwner } from "../../src/cache/entry.ts";
import {
  addLogout,
  earlierMark,
  formatLogouts,
  isLoggedOut,
  type LogoutLog,
  type LogoutScope,
  parseLogouts,
} from "../../src/cache/logouts.ts";

const none: LogoutScope = { named: [], profiles: [], roleArns: [], users: [] };
const before = { id: undefined, last: 0 };
const token: CacheOwner = { profile: "kim", operation: "GetSessionToken" };
const role: CacheOwner = { profile: "dev", operation: "AssumeRole", roleArn: "arn:dev" };

Deno.test({
  name: "a logout concerns what its scope names, and what began before it",
  permissions: "none",
  fn() {
    const cases: readonly [LogoutScope, boolean, boolean][] = [
      [none, false, false],
      [{ ...none, named: ["kim"] }, true, false],
      [{ ...none, users: ["kim", "dev"] }, true, false],
      [{ ...none, profiles: ["kim", "dev"] }, false, true],
      [{ ...none, roleArns: ["arn:dev"] }, false, true],
    ];
    for (const [scope, ofToken, ofRole] of cases) {
      const log = addLogout(undefined, [scope], "log");
      assertEquals([isLoggedOut(log, before, token), isLoggedOut(log, before, role)], [
        ofToken,
        ofRole,
      ]);
      assert(!isLoggedOut(log, log, token));
    }
    const all = addLogout(undefined, "all", "log");
    assert(isLoggedOut(all, before, token) && !isLoggedOut(all, all, token));
  },
});

Deno.test({
  name: "what began before a logout that was dropped from the log is taken for logged out",
  permissions: "none",
  fn() {
    let log: LogoutLog | undefined;
    for (let turn = 0; turn < 60; turn++) {
      log = addLogout(log, [{ ...none, named: [`p${turn}`] }], "log");
    }
    assertEquals([log?.logouts.length, log?.dropped, log?.last], [50, 10, 60]);
    assert(isLoggedOut(log, { id: "log", last: 9 }, token));
    assert(!isLoggedOut(log, { id: "log", last: 10 }, token));
    const short = addLogout(log, "all", "other");
    assertEquals([short.id, short.logouts.length], ["log", 1]);
    assert(isLoggedOut(short, { id: "log", last: 60 }, token));
  },
});

Deno.test({
  name: "a log that was removed, or is another one, takes everything with it",
  permissions: "none",
  fn() {
    const log = addLogout(undefined, [none], "log");
    assert(isLoggedOut(undefined, log, token));
    assert(isLoggedOut(log, { id: "earlier", last: 7 }, token));
    assert(!isLoggedOut(undefined, before, token));
  },
});

Deno.test({
  name: "earlierMark() is that of what began first",
  permissions: "none",
  fn() {
    const [first, second] = [{ id: "log", last: 1 }, { id: "log", last: 2 }];
    assertEquals(earlierMark(first, second), first);
    assertEquals(earlierMark(second, first), first);
    assertEquals(earlierMark(second, before), before);
    assertEquals(earlierMark(before, second), before);
    assertEquals(earlierMark(second, undefined), second);
    assertEquals(earlierMark(undefined, undefined), undefined);
    assertEquals(earlierMark(first, { id: "other", last: 0 })?.id, "other");
    // Of two logs neither is earlier: what has a log that is gone is logged out anyway.
    const unequal = [{ id: "log", last: 1 }, { id: "other", last: 3 }] as const;
    assertEquals(earlierMark(...unequal), unequal[1]);
  },
});

Deno.test({
  name: "a log survives its text, and a logout that cannot be read concerns everything",
  permissions: "none",
  fn() {
    const log = addLogout(addLogout(undefined, "all", "log"), [{ ...none, named: ["a"] }], "x");
    assertEquals(parseLogouts(formatLogouts(log)), log);
    for (const text of ["", "{}", "[]", '{"version":1,"id":"x"}', "nonsense"]) {
      assertEquals(parseLogouts(text), undefined);
    }
    const odd = parseLogouts(formatLogouts(log).replace('"named"', '"renamed"'));
    assertEquals(odd?.logouts[1]?.scopes, "all");
  },
});

Deno.test({
  name: "one scope of several is enough, and one logout of several",
  permissions: "none",
  fn() {
    const others = { ...none, named: ["lee"] };
    const log = addLogout(undefined, [others, { ...none, named: ["kim"] }, others], "log");
    assert(isLoggedOut(log, before, token));
    const later = addLogout(log, [others], "log");
    assert(isLoggedOut(later, before, token));
    assert(!isLoggedOut(later, { id: "log", last: 1 }, token));
    // What has no role is not meant by a scope that names one, whatever it is called.
    const keys: CacheOwner = { profile: "kim", operation: "sso" };
    for (const roleArn of ["arn:dev", "mutant", "undefined"]) {
      assert(
        !isLoggedOut(addLogout(undefined, [{ ...none, roleArns: [roleArn] }], "x"), before, keys),
      );
    }
  },
});

Deno.test({
  name: "a log holds fifty logouts, and knows what it dropped",
  permissions: "none",
  fn() {
    let log: LogoutLog | undefined;
    const one = [{ ...none, named: ["lee"] }];
    for (let turn = 0; turn < 50; turn++) log = addLogout(log, one, "log");
    assertEquals([log?.logouts.length, log?.dropped, log?.last], [50, 0, 50]);
    log = addLogout(log, one, "log");
    assertEquals([log.logouts.length, log.dropped, log.logouts[0]?.number], [50, 1, 2]);
    // A logout of everything drops nothing that it does not cover.
    const all = addLogout(log, "all", "log");
    assertEquals([all.dropped, all.last, all.logouts], [1, 52, [{ number: 52, scopes: "all" }]]);
    const first = addLogout(undefined, "all", "log");
    assertEquals(first, {
      id: "log",
      last: 1,
      dropped: 0,
      logouts: [{ number: 1, scopes: "all" }],
    });
  },
});

Deno.test({
  name: "parseLogouts() wants each part, and reads a list that holds anything else as everything",
  permissions: "none",
  fn() {
    const good = { version: 1, id: "log", last: 2, dropped: 0, logouts: [] as unknown[] };
    const parsed = (parts: Record<string, unknown>) =>
      parseLogouts(JSON.stringify({ ...good, ...parts }));
    assertEquals(parsed({}), { id: "log", last: 2, dropped: 0, logouts: [] });
    for (
      const parts of [{ version: 2 }, { id: 1 }, { last: "2" }, { dropped: null }, { logouts: {} }]
    ) {
      assertEquals(parsed(parts), undefined, JSON.stringify(parts));
    }
    const odd = [null, "x", {}, { scopes: "all" }, { number: "1", scopes: "all" }];
    assertEquals(parsed({ logouts: odd })?.logouts, []);
    const scopesOf = (scopes: unknown) => parsed({ logouts: [{ number: 1, scopes }] })?.logouts[0];
    assertEquals(scopesOf([none]), { number: 1, scopes: [none] });
    for (const scopes of ["all", 7, [none, null], [{ ...none, users: [1] }], [{ named: [] }]]) {
      assertEquals(scopesOf(scopes), { number: 1, scopes: "all" }, JSON.stringify(scopes));
    }
    assertEquals(
      formatLogouts({ id: "a", last: 0, dropped: 0, logouts: [] }),
      '{\n  "version": 1,\n  "id": "a",\n  "last": 0,\n  "dropped": 0,\n  "logouts": []\n}\n',
    );
    const [first, same] = [{ id: "log", last: 1 }, { id: "log", last: 1 }];
    assertEquals(earlierMark(undefined, same), same);
    assertEquals(earlierMark({ id: "other", last: 5 }, first), first);
  },
});
