import { assert, assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import {
  formatBar,
  formatTable,
  formatTimeLeft,
  visible,
  visibleLines,
} from "../../src/output/table.ts";
import { seededRandom } from "../fake_system.ts";
import { hostileTexts } from "./hostile_texts.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("visible() writes out what a terminal would act upon, or what hides or turns text", () => {
  assertEquals(visible("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
  assertEquals(visible("x\u202ey\u200bz\u2028"), "x\\u{202e}y\\u{200b}z\\u{2028}");
  assertEquals(visible("Zürich 鍵 🔑"), "Zürich 鍵 🔑");
});

pure("visibleLines() keeps lines, and sets in all but the first", () => {
  assertEquals(visibleLines("Zürich \x1b[2J\n  a\nb\r"), "Zürich \\x1b[2J\n  a\n  b\\x0d");
  assertEquals(visibleLines("one"), "one");
});

pure("formatTable() aligns by what the terminal shows", () => {
  const table = formatTable([{ title: "NAME" }, { title: "N", align: "right" }], [
    ["鍵", "1"],
    ["abcdef", "22"],
  ]);
  assertEquals(table, "NAME     N\n鍵       1\nabcdef  22\n");
});

pure("formatTable() takes a title alone for a column, and a missing cell for an empty one", () => {
  assertEquals(formatTable(["A", "B"], [["x"]]), "A  B\nx\n");
});

pure("formatTable() cuts the widest column that may be cut, with an ellipsis", () => {
  const columns = [{ title: "NAME", least: 4 }, { title: "KEY" }];
  assertEquals(
    formatTable(columns, [["a-very-long-name", "AKIA"]], { columns: 14 }),
    "NAME      KEY\na-very-…  AKIA\n",
  );
});

pure("formatTable() cuts wide characters whole", () => {
  const table = formatTable([{ title: "N", least: 4 }], [["鍵鍵鍵鍵"]], { columns: 4 });
  assertEquals(table, "N\n鍵…\n");
});

pure(
  "formatTable() leaves spare columns out, the rightmost first, where cutting is not enough",
  () => {
    const columns = [
      { title: "NAME", least: 4 },
      { title: "FIRST", spare: true },
      { title: "SECOND", spare: true },
      { title: "LEFT" },
    ];
    const rows = [["abcdefgh", "11111", "222222", "59m"]];
    assertEquals(
      formatTable(columns, rows, { columns: 22 }),
      "NAME      FIRST  LEFT\nabcdefgh  11111  59m\n",
    );
    assertEquals(formatTable(columns, rows, { columns: 12 }), "NAME    LEFT\nabcde…  59m\n");
  },
);

pure("formatTable() is never wider than the terminal and never holds a control character", () => {
  const random = seededRandom(3);
  const texts = hostileTexts(300);
  for (let index = 0; index + 3 < texts.length; index += 3) {
    const columns = 1 + Math.floor(random.number() * 60);
    const titles = [{ title: "NAME", least: 6 }, { title: "SPARE", spare: true }, {
      title: "LAST",
    }];
    const table = formatTable(titles, [texts.slice(index, index + 3)], { columns });
    const lines = table.split("\n");
    assertEquals(lines.length, 3);
    for (const line of lines) {
      assert(unicodeWidth(line) <= columns, `${columns}: ${JSON.stringify(line)}`);
      assertEquals(visible(line), line);
    }
  }
});

pure("formatTable() colors cells only when colors are wanted", () => {
  const rows = [[{ text: "bad\x1b", role: "error" as const }, "x"]];
  assertEquals(formatTable(["A", "B"], rows), "A        B\nbad\\x1b  x\n");
  assertEquals(
    formatTable(["A", "B"], rows, { color: true }),
    "\x1b[1mA      \x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31mbad\\x1b\x1b[0m  x\n",
  );
});

pure("formatTimeLeft() says the time left, or that it has ended", () => {
  assertEquals(formatTimeLeft(3_599_000), "59m59s");
  assertEquals(formatTimeLeft(0), "expired");
  assertEquals(formatTimeLeft(-1), "expired");
});

pure("formatBar() shows a share, a mark for whatever is left, and nothing beyond its ends", () => {
  assertEquals(formatBar(0.5, 8), "████░░░░");
  assertEquals(formatBar(0.001, 4), "█░░░");
  assertEquals(formatBar(0, 4), "░░░░");
  assertEquals(formatBar(-1, 4), "░░░░");
  assertEquals(formatBar(7, 4), "████");
  assertEquals(formatBar(NaN, 4), "░░░░");
});
