import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { formatProgress } from "../../../src/cli/progress/progress_line.ts";
import type { Progress } from "../../../src/progress.ts";

const throttled = { kind: "retry", code: "Throttling", isThrottled: true, until: 6_200 } as const;
const call = { kind: "call", host: "sts.eu-west-1.amazonaws.com", since: 0 } as const;
const lock = {
  kind: "lock",
  holder: 'process 4711, which asks for the MFA code of "arn"',
} as const;

function lineOf(progress: Partial<Progress>, now = 5_000, columns = 100): string {
  const whole = { done: 0, total: 1, unit: "profiles", waits: [], ...progress };
  return formatProgress(whole, { now, columns });
}

const cases: readonly (readonly [name: string, line: string, expected: string])[] = [
  ["many profiles are counted", lineOf({ done: 37, total: 100 }), "████░░░░░░ 37 of 100 profiles"],
  ["one needs no count", lineOf({}), "Getting credentials"],
  ["accounts are no credentials", lineOf({ total: 0, unit: "accounts" }), "Getting accounts"],
  [
    "a slow response is named",
    lineOf({ waits: [call] }),
    "Waiting for sts.eu-west-1.amazonaws.com, 5s",
  ],
  ["a quick one is not", lineOf({ waits: [call] }, 1_900), "Getting credentials"],
  [
    "throttling comes before a slow response",
    lineOf({ done: 8, total: 16, waits: [call, throttled] }),
    "█████░░░░░ 8 of 16 profiles, AWS throttles, again in 2s",
  ],
  [
    "another failure is named by its code",
    lineOf({ waits: [{ ...throttled, isThrottled: false, code: "InternalFailure" }] }),
    "InternalFailure, again in 2s",
  ],
  [
    "a lock comes before throttling, since its holder can be ended",
    lineOf({ waits: [throttled, lock] }),
    'Waiting for process 4711, which asks for the MFA code of "arn"',
  ],
  [
    "a sign-in comes first",
    lineOf({ waits: [lock, { kind: "sign-in", since: 0 }] }, 65_000),
    "Waiting for the sign-in, 1m5s",
  ],
  [
    "what others say cannot steer the terminal",
    lineOf({ waits: [{ kind: "lock", holder: "\x1b[2Jx" }] }),
    "Waiting for \\x1b[2Jx",
  ],
  [
    "a narrow terminal has no bar",
    lineOf({ done: 3, total: 9, waits: [throttled] }, 5_000, 40),
    "3 of 9, AWS throttles, again in 2s",
  ],
];

for (const [name, line, expected] of cases) {
  Deno.test({
    name: `formatProgress(): ${name}`,
    permissions: "none",
    fn: () => assertEquals(line, expected),
  });
}

Deno.test({
  name: "formatProgress() is shorter than any terminal is wide",
  permissions: "none",
  fn() {
    for (const columns of [8, 20, 40, 59, 60, 80, 120]) {
      for (const waits of [[], [call], [lock], [throttled]]) {
        const line = lineOf({ done: 99, total: 1_000, waits }, 5_000, columns);
        assert(unicodeWidth(line) < columns, `${columns}: ${line}`);
      }
    }
  },
});
