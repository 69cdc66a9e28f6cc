import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { formatWatch } from "../../../src/cli/watch/view.ts";

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;
const names = ["S3ReadOnlyRole-prod", "dev", "日本語サービス-dev"];
const status = names.map((profile, index) => ({
  profile,
  roleArn: `arn:aws:iam::123456789012:role/${profile}`,
  issued: new Date(now - 30 * minute),
  expires: new Date(now + (30 - 29 * index / 2) * minute),
  nextRefresh: new Date(now + 10 * minute),
  renewableUntil: undefined,
  lastError: undefined,
}));

function linesAt(columns: number, hasKeys = true): readonly string[] {
  const options = { columns, rows: 24, color: false, hasKeys };
  return formatWatch(status, now, options).trimEnd().split("\n");
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("the table of watch fits every width, and its names are whole from 34 columns on", () => {
  for (let columns = 24; columns <= 140; columns++) {
    for (const hasKeys of [true, false]) {
      const lines = linesAt(columns, hasKeys);
      for (const line of lines) assert(unicodeWidth(line) <= columns, `${columns}: ${line}`);
      if (columns < 34) continue;
      for (const [index, name] of names.entries()) {
        assert(lines[index + 1]?.startsWith(`${name} `), `${columns}: ${lines[index + 1]}`);
      }
    }
  }
});

pure("the table of watch has what a width has space for", () => {
  assertEquals(linesAt(40), [
    "PROFILE              LEFT",
    "S3ReadOnlyRole-prod  ██░░ 30m",
    "dev                  ██░░ 15m30s",
    "日本語サービス-dev   █░░░ 1m",
    "3/3 live, 0 failing; q, r, l",
  ]);
  assertEquals(linesAt(80)[0]?.split(/ {2,}/), ["PROFILE", "ROLE", "LEFT", "RENEWED IN"]);
  assertEquals(linesAt(80).at(-1), linesAt(120).at(-1));
});
