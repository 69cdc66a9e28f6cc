/**
 * Keys that leave a file and come back: what else is in the file stays as it is.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  addMarker,
  keyLines,
  putKeysBack,
  removeMarker,
  sealedLine,
  takeOutKeys,
} from "../../../src/config/file/sealed_lines.ts";

const key = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const other = { accessKeyId: "AKIANEW", secretAccessKey: "new$&secret" };
const place = { profile: "kim", kind: "credentials" } as const;
const marker = sealedLine("pass");
const id = `aws_access_key_id = ${key.accessKeyId}`;
const secret = `aws_secret_access_key = ${key.secretAccessKey}`;

/** A file, and what is left of it. */
const files: readonly (readonly [what: string, before: string, after: string])[] = [
  ["two lines", `[kim]\n${id}\n${secret}\n`, `[kim]\n${marker}\n`],
  ["no last line end", `[kim]\n${id}\n${secret}`, `[kim]\n${marker}\n`],
  [
    "the section first",
    `[kim]\n${id}\n${secret}\n\n[b]\nregion = x\n`,
    `[kim]\n${marker}\n\n[b]\nregion = x\n`,
  ],
  [
    "lines between, blanks and comments",
    `# top\n\n[a]\nregion=1\n[kim]   # me\n  ${secret}\t\n\n; note\nregion = eu\naws_access_key_id=${key.accessKeyId}  # mine\n[b]\n`,
    `# top\n\n[a]\nregion=1\n[kim]   # me\n${marker}\n\n; note\nregion = eu\n[b]\n`,
  ],
  ["CRLF", `[kim]\r\n${id}\r\n${secret}\r\n[b]\r\n`, `[kim]\r\n${marker}\r\n[b]\r\n`],
  ["a byte order mark", `\ufeff[kim]\n${id}\n${secret}\n`, `\ufeff[kim]\n${marker}\n`],
  [
    "upper case and a colon",
    `[kim]\nAWS_Access_Key_ID: ${key.accessKeyId}\n${secret}\n`,
    `[kim]\n${marker}\n`,
  ],
  [
    "a section that comes twice",
    `[kim]\n${id}\n[b]\n[kim]\n${secret}\n`,
    `[kim]\n${marker}\n[b]\n[kim]\n`,
  ],
  [
    "keys that are overridden",
    `[kim]\naws_access_key_id = AKIAOLD\n${id}\n${secret}\n`,
    `[kim]\n${marker}\n`,
  ],
  [
    "comments that name the key, in any section",
    `# ${key.accessKeyId} is kim's\n[b]\n#${secret}\nregion = x\n[kim]\n${id}\n${secret}\n# was ${key.accessKeyId}\n`,
    `[b]\nregion = x\n[kim]\n${marker}\n`,
  ],
  ["an empty line at the end", `[kim]\n${id}\n${secret}\n\n\n`, `[kim]\n${marker}\n\n\n`],
  ["two lone carriage returns", `[kim]\r${id}\r${secret}\r`, `[kim]\r${marker}\r`],
];

for (const [what, before, after] of files) {
  Deno.test({
    name: `takeOutKeys() and putKeysBack() with ${what}`,
    permissions: "none",
    fn() {
      const taken = takeOutKeys(before, place, key, marker);
      assertEquals(taken.text, after);
      assertEquals(taken.left, []);
      const own = taken.lines.filter(({ isComment }) => !isComment).map(({ text }) => text).join(
        "",
      );
      assertEquals([own.includes(key.accessKeyId), own.includes(key.secretAccessKey)], [
        false,
        false,
      ]);
      assertEquals(putKeysBack(after, place, taken.lines, key), before);
      // Again and again.
      assertEquals(takeOutKeys(before, place, key, marker), taken);
    },
  });
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("putKeysBack() writes the newest key into the old lines", () => {
  const { lines, text } = takeOutKeys(`[kim]\n${id} # a\n${secret}\n`, place, key, marker);
  assertEquals(
    putKeysBack(text, place, lines, other),
    "[kim]\naws_access_key_id = AKIANEW # a\naws_secret_access_key = new$&secret\n",
  );
});

pure("putKeysBack() finds its place in a file that was changed meanwhile", () => {
  const { lines } = takeOutKeys(`[kim]\n${id}\nregion = a\n${secret}\n[b]\n`, place, key, marker);
  const rows = [
    [
      `[new]\nx = y\n\n[kim]\n${marker}\nregion = a\n[b]\n`,
      `[new]\nx = y\n\n[kim]\n${id}\nregion = a\n${secret}\n[b]\n`,
    ],
    [`[kim]\n${marker}\n[b]\n`, `[kim]\n${id}\n${secret}\n[b]\n`],
    [`[kim]\noutput = json\n${marker}\n`, `[kim]\noutput = json\n${id}\n${secret}\n`],
    [`[b]\n[kim]\n${marker}`, `[b]\n[kim]\n${id}\n${secret}\n`],
    [`[kim]\nsealed_keys=keyctl  # other\nregion = a\n`, `[kim]\n${id}\nregion = a\n${secret}\n`],
  ];
  for (const [found = "", wanted] of rows) {
    assertEquals(putKeysBack(found, place, lines, key), wanted);
  }
  assertEquals(putKeysBack(`[kim]\nregion = a\n`, place, lines, key), undefined);
  assertEquals(putKeysBack(`[b]\n${marker}\n`, place, lines, key), undefined);
});

pure("putKeysBack() keeps comments of elsewhere beside the keys where the file has changed", () => {
  const { lines } = takeOutKeys(
    `# ${key.accessKeyId}\n[kim]\n${id}\n${secret}\n`,
    place,
    key,
    marker,
  );
  assertEquals(
    putKeysBack(`[a]\n[kim]\n${marker}\n`, place, lines, key),
    `[a]\n[kim]\n# ${key.accessKeyId}\n${id}\n${secret}\n`,
  );
});

pure("putKeysBack() keeps comments in their order where the marker has moved", () => {
  const comments = `# was ${key.accessKeyId}\n# and ${key.accessKeyId} again\n`;
  const { lines, text } = takeOutKeys(
    `[kim]\n${id}\n${secret}\n${comments}`,
    place,
    key,
    marker,
  );
  assertEquals(text, `[kim]\n${marker}\n`);
  assertEquals(
    putKeysBack(`# top\n# two\n# three\n[kim]\n${marker}\nregion = x\n`, place, lines, key),
    `# top\n# two\n# three\n[kim]\n${id}\n${secret}\n${comments}region = x\n`,
  );
});

pure("putKeysBack() writes two lines where none was taken out", () => {
  assertEquals(
    putKeysBack(`[b]\r\n[kim]\r\n${marker}\r\nregion = x\r\n`, place, [], key),
    `[b]\r\n[kim]\r\n${id}\r\n${secret}\r\nregion = x\r\n`,
  );
});

pure(
  "takeOutKeys() leaves the keys of other profiles and nested lines, and says where the key is still",
  () => {
    const text =
      `[kim]\n${id}\n${secret}\ns3 =\n  aws_access_key_id = x\n[b]\n${id}\n${secret}\n[c]\nregion = ${key.accessKeyId}\n`;
    const { text: after, left, lines } = takeOutKeys(text, place, key, marker);
    assertEquals(
      after,
      `[kim]\n${marker}\ns3 =\n  aws_access_key_id = x\n[b]\n${id}\n${secret}\n[c]\nregion = ${key.accessKeyId}\n`,
    );
    assertEquals(left, [6, 7, 9]);
    assertEquals(putKeysBack(after, place, lines, key), text);
  },
);

pure("lines above the first section belong to no profile", () => {
  const stray = `${id}\n${secret}\n`;
  assertEquals(keyLines(`${stray}[kim]\n${id}\n`, place), [4]);
  assertEquals(
    takeOutKeys(`${stray}[kim]\n${stray}`, place, key, marker).text,
    `${stray}[kim]\n${marker}\n`,
  );
  assertEquals(putKeysBack(`${marker}\n[kim]\nregion = x\n`, place, [], key), undefined);
});

pure("in the config file the section has its prefix", () => {
  const config = { profile: "kim", kind: "config" } as const;
  const text = `[kim]\n${id}\n[profile kim]\n${id}\n${secret}\n`;
  assertEquals(
    takeOutKeys(text, config, key, marker).text,
    `[kim]\n${id}\n[profile kim]\n${marker}\n`,
  );
  assertEquals(keyLines(text, config), [4, 5]);
  const fallback = { profile: "default", kind: "config" } as const;
  assertEquals(keyLines(`[default]\n${id}\n[profile default]\n# ${id}\n${secret}\n`, fallback), [
    2,
    5,
  ]);
});

pure("addMarker() and removeMarker() are each other's opposite", () => {
  const rows = [
    ["", `[kim]\n${marker}\n`],
    ["[a]\nregion = x\n", `[a]\nregion = x\n\n[kim]\n${marker}\n`],
    ["[kim]\nregion = x\n", `[kim]\n${marker}\nregion = x\n`],
    ["[kim]\r\nregion = x\r\n", `[kim]\r\n${marker}\r\nregion = x\r\n`],
    ["[a]\n\n[kim] # me\nregion = x", `[a]\n\n[kim] # me\n${marker}\nregion = x`],
  ];
  for (const [before = "", after = ""] of rows) {
    assertEquals(addMarker(before, place, marker), after);
    assertEquals(removeMarker(after, place), before);
  }
  assertEquals(addMarker("[a]", place, marker), `[a]\n\n[kim]\n${marker}\n`);
  assertEquals(removeMarker("[kim]\nregion = x\n", place), "[kim]\nregion = x\n");
});
