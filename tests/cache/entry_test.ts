import { assertEquals } from "@std/assert";
import {
  asRecord,
  formatEntry,
  isOfNewerVersion,
  isSealed,
  parseEntry,
  parseRecord,
  readCredentials,
} from "../../src/cache/entry.ts";
import { entryFor } from "../session/fixtures.ts";

const entry = entryFor(3_600, { roleArn: "arn:aws:iam::111122223333:role/Deploy" });
const fields = JSON.parse(formatEntry(entry));

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("only a plain object is a record", () => {
  for (const value of ["text", 1, true, null, undefined, [], [{}]]) {
    assertEquals(asRecord(value), undefined, String(value));
    assertEquals(readCredentials(value), undefined, String(value));
    assertEquals(parseRecord(JSON.stringify(value)), undefined, String(value));
  }
  assertEquals([asRecord({ a: 1 }), parseRecord('{"a":1}')], [{ a: 1 }, { a: 1 }]);
  assertEquals(parseRecord("not JSON"), undefined);
});

pure("an entry is read as it was written", () => {
  assertEquals(parseEntry(formatEntry(entry)), entry);
});

pure("an entry that misses what it must have is none, and what it may miss is undefined", () => {
  const without = (name: string) => JSON.stringify({ ...fields, [name]: undefined });
  for (
    const name of ["version", "profile", "operation", "durationSeconds", "skewMs", "credentials"]
  ) {
    assertEquals(parseEntry(without(name)), undefined, name);
    assertEquals(parseEntry(JSON.stringify({ ...fields, [name]: [] })), undefined, name);
  }
  for (const name of ["roleArn", "mfaSerial", "region"] as const) {
    assertEquals(parseEntry(without(name))?.[name], undefined);
    assertEquals(parseEntry(JSON.stringify({ ...fields, [name]: 1 }))?.[name], undefined);
    assertEquals(parseEntry(without(name))?.profile, "kim");
  }
});

pure("credentials that miss a field, or whose dates are none, are not read", () => {
  assertEquals(readCredentials(fields.credentials), entry.credentials);
  for (const name of Object.keys(fields.credentials)) {
    for (const value of [undefined, "", 1, null]) {
      assertEquals(readCredentials({ ...fields.credentials, [name]: value }), undefined, name);
    }
  }
  for (const name of ["StartTime", "Expiration"]) {
    assertEquals(readCredentials({ ...fields.credentials, [name]: "soon" }), undefined, name);
  }
});

pure("only a greater version, but for that of sealed entries, is a newer program's", () => {
  const rows = [[0, false], [1, false], [2, true], [3, false], [4, true], ["4", false]] as const;
  for (const [version, isNewer] of rows) {
    assertEquals(isOfNewerVersion(JSON.stringify({ version })), isNewer, String(version));
  }
  assertEquals([isOfNewerVersion(undefined), isOfNewerVersion("x")], [false, false]);
});

pure("an entry's file is indented JSON, and says whether it is sealed", () => {
  const text = formatEntry(entry);
  assertEquals(text, `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  const sealed = JSON.stringify({ ...fields, version: 3 });
  assertEquals([isSealed(text), isSealed(sealed), isSealed("x"), isSealed(undefined)], [
    ...[false, true, false, false],
  ]);
});
