import { assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { displayWidth } from "../../src/output/width.ts";

Deno.test(
  "displayWidth() is the width of every text, ASCII or not",
  { permissions: "none" },
  () => {
    const texts = [
      "",
      "dev",
      "a b~",
      "Zürich",
      "東京",
      "e\u0301",
      "👩‍👩‍👧",
      "a\tb",
      "a\x1b[1m",
      "\x7f",
      "a\nb",
    ];
    for (const text of texts) assertEquals(displayWidth(text), unicodeWidth(text), text);
    assertEquals([displayWidth("dev"), displayWidth("東京")], [3, 4]);
  },
);
