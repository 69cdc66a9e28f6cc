import { assertEquals, assertThrows } from "@std/assert";
import { OutputFault, parseProcessOutput } from "../../../src/source/process/process_output.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const keys = {
  AccessKeyId: "ASIAEXAMPLEEXAMPLE00",
  SecretAccessKey: "topsecret",
  SessionToken: "t",
};

function bytesOf(output: unknown): Uint8Array {
  const text = typeof output === "string" ? output : JSON.stringify(output);
  return new TextEncoder().encode(text);
}

function withFields(fields: Readonly<Record<string, unknown>>): Uint8Array {
  return bytesOf({ Version: 1, ...keys, ...fields });
}

pure("parseProcessOutput reads temporary credentials and long-term keys", () => {
  const read = {
    accessKeyId: "ASIAEXAMPLEEXAMPLE00",
    secretAccessKey: "topsecret",
    sessionToken: "t",
  };
  assertEquals(parseProcessOutput(withFields({ Expiration: "2026-01-01T01:00:00Z", More: [1] })), {
    keys: read,
    expiration: Date.UTC(2026, 0, 1, 1),
  });
  assertEquals(parseProcessOutput(withFields({})), { keys: read, expiration: undefined });
  for (const SessionToken of [undefined, null, ""]) {
    const output = withFields({ AccessKeyId: "AKIAEXAMPLEEXAMPLE00", SessionToken });
    assertEquals(parseProcessOutput(output).keys, {
      accessKeyId: "AKIAEXAMPLEEXAMPLE00",
      secretAccessKey: "topsecret",
    });
  }
  assertEquals(parseProcessOutput(bytesOf(`\ufeff${JSON.stringify({ Version: 1, ...keys })}`)), {
    keys: read,
    expiration: undefined,
  });
  assertEquals(parseProcessOutput(bytesOf(`\n ${JSON.stringify({ Version: 1, ...keys })}\r\n`)), {
    keys: read,
    expiration: undefined,
  });
});

pure("parseProcessOutput reads the forms of a date that the SDKs read", () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  const forms: Readonly<Record<string, number>> = {
    "2026-01-31T12:00:00Z": noon,
    "2026-01-31T12:00:00.000Z": noon,
    "2026-01-31T12:00:00.123456789Z": noon + 123,
    "2026-01-31T12:00:00+00:00": noon,
    "2026-01-31T14:00:00+02:00": noon,
    "2026-01-31T14:00:00+0200": noon,
    "2026-01-31T07:00:00-05": noon,
    "2026-01-31 12:00:00+00:00": noon,
    "2026-01-31 12:00:00 UTC": noon,
    "2026-01-31T12:00:00UTC": noon,
    "2026-01-31t12:00:00z": noon,
    "2026-01-31T12:00Z": noon,
  };
  for (const [Expiration, expiration] of Object.entries(forms)) {
    assertEquals(parseProcessOutput(withFields({ Expiration })).expiration, expiration, Expiration);
  }
});

const faults: readonly (readonly [output: Uint8Array, why: string])[] = [
  [bytesOf(""), "printed nothing"],
  [bytesOf("\n \n"), "printed blank lines only"],
  [bytesOf("\ufeff"), "printed blank lines only"],
  [Uint8Array.of(0xff, 0xfe, 0x7b, 0), "printed UTF-16"],
  [Uint8Array.of(0x7b, 0xff, 0x7d), "printed bytes that are not UTF-8"],
  [bytesOf('Enter topsecret: {"Version":1}'), "printed other text before or in place of JSON"],
  [bytesOf("topsecret"), "printed other text before or in place of JSON"],
  [bytesOf('{"Version":1}\ntopsecret'), "printed other text after its JSON"],
  [bytesOf('{"Version":1} {"topsecret":1}'), "printed other text after its JSON"],
  [bytesOf('{"Version":1,"topsecret'), "printed JSON that is cut off"],
  [bytesOf('{"Version":1,topsecret}'), "printed malformed JSON"],
  [bytesOf("[1]"), "printed JSON that is no object"],
  [bytesOf({ ...keys }), "whose Version is missing, wanted 1"],
  [withFields({ Version: "1" }), "whose Version is text, wanted 1"],
  [withFields({ Version: 2 }), "whose Version is 2, wanted 1"],
  [withFields({ AccessKeyId: undefined }), "without AccessKeyId"],
  [bytesOf({ Version: 1 }), "without AccessKeyId and SecretAccessKey"],
  [withFields({ SecretAccessKey: "" }), "without SecretAccessKey"],
  [withFields({ SessionToken: 7 }), "whose SessionToken is 7, wanted text"],
  [withFields({ SecretAccessKey: " topsecret" }), "whose SecretAccessKey "],
  [withFields({ Expiration: 1_800_000_000 }), "whose Expiration is 1800000000, wanted text"],
  [withFields({ Expiration: "topsecret" }), "whose Expiration is no date"],
  [withFields({ Expiration: "" }), "whose Expiration is no date"],
  [withFields({ Expiration: "2026-13-31T12:00:00Z" }), "whose Expiration is no date"],
  [withFields({ Expiration: "2026-01-31" }), "whose Expiration is no date"],
  [withFields({ Expiration: "2026-01-31T12:00:00" }), "whose Expiration names no time zone"],
];

pure(
  "parseProcessOutput says what is wrong, each in its own words, and shows nothing of it",
  () => {
    for (const [output, why] of faults) {
      const { message } = assertThrows(() => parseProcessOutput(output), OutputFault, why);
      assertEquals(/topsecret/.test(message), false, message);
    }
  },
);
