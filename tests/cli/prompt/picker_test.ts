import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import {
  type PickerItem,
  type PickerState,
  pressPickerKey,
  resizePicker,
  startPicker,
  takenNames,
} from "../../../src/cli/prompt/picker.ts";
import { renderPicker } from "../../../src/cli/prompt/picker_view.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function item(name: string, rest: Partial<PickerItem> = {}): PickerItem {
  return { name, account: "", role: "", region: "", left: "", ...rest };
}

const size = { columns: 80, rows: 24 };
const down = "\x1b[B";
const up = "\x1b[A";

/** A picker of these names; `several` unless said otherwise. */
function picker(names: readonly string[], several = true, of = size): PickerState {
  return startPicker(names.map((name) => item(name)), { several, size: of });
}

function press(state: PickerState, ...keys: readonly string[]): PickerState {
  return keys.reduce(pressPickerKey, state);
}

function shown(state: PickerState): readonly string[] {
  return renderPicker(state, { styled: false }).lines;
}

/** The names that are on the screen, with their markers. */
function rowsOf(state: PickerState): readonly string[] {
  return shown(state).slice(1, -2).filter((line) => line !== "");
}

const many = Array.from({ length: 25 }, (_, at) => `p${at + 10}`);

pure("a picker shows all, takes the first at Enter, and says what the keys do", () => {
  const state = picker(["dev", "qa"]);
  assertEquals(shown(state), [
    "  PROFILE",
    "> dev",
    "  qa",
    "2 profiles; tab marks, enter takes, esc leaves",
    "Profiles:",
  ]);
  const taken = press(state, "\r");
  assertEquals([taken.outcome, takenNames(taken)], ["taken", ["dev"]]);
});

pure("arrows, page keys, Home and End move, and stop at the ends", () => {
  const state = picker(many);
  const at = (...keys: readonly string[]) => takenNames(press(state, ...keys))[0];
  assertEquals(at(down, down, up), "p11");
  assertEquals(at(up), "p10");
  assertEquals(at("\x1b[6~"), "p20");
  assertEquals(at("\x1b[6~", "\x1b[6~", "\x1b[6~", down), "p34");
  assertEquals(at("\x1b[F"), "p34");
  assertEquals(at("\x1b[F", "\x1b[5~", "\x1b[H"), "p10");
  assertEquals(at("\x0e", "\x0e", "\x10"), "p11");
});

pure("the list scrolls as little as shows the cursor", () => {
  let state = press(picker(many), ...Array.from({ length: 10 }, () => down));
  assertEquals([rowsOf(state)[0], rowsOf(state).at(-1)], ["  p11", "> p20"]);
  state = press(state, up);
  assertEquals(rowsOf(state)[0], "  p11");
  state = press(state, "\x1b[F");
  assertEquals([rowsOf(state).length, rowsOf(state).at(-1)], [10, "> p34"]);
});

pure("what is typed filters, and the cursor goes back to the best", () => {
  const state = press(picker(["dev", "qa", "qa-old"]), down, ..."qa");
  assertEquals(rowsOf(state), ["> qa", "  qa-old"]);
  assertStringIncludes(shown(state).at(-2) ?? "", "2 of 3 profiles");
  assertEquals(shown(state).at(-1), "Profiles: qa");
  assertEquals(renderPicker(state).cursor, "Profiles: qa".length);
  assertEquals(rowsOf(press(state, "\x15")).length, 3);
});

pure("with text, Home, End and the arrows to the sides move in it", () => {
  const state = press(picker(["xqa", "qa"]), ..."qa", "\x1b[H", "x");
  assertEquals(rowsOf(state), ["> xqa"]);
  assertEquals(renderPicker(state).cursor, "Profiles: x".length);
});

pure("Enter does nothing where nothing matches", () => {
  const state = press(picker(["dev"]), "z", "\r");
  assertEquals([state.outcome, takenNames(state)], ["open", []]);
  assertEquals(press(state, "\x7f", "\r").outcome, "taken");
});

pure(
  "Tab marks several, in the order of marking, and what is marked stays though it is not shown",
  () => {
    let state = press(picker(["a1", "b1", "c2"]), down, "\t");
    assertEquals(rowsOf(state), ["  a1", " *b1", "> c2"]);
    state = press(state, ..."a1", "\t", "\x15");
    assertStringIncludes(shown(state).at(-2) ?? "", "2 marked");
    assertEquals(takenNames(press(state, "\r")), ["b1", "a1"]);
    state = press(state, down, "\x1b[Z");
    assertEquals(takenNames(press(state, "\r")), ["a1"]);
  },
);

pure("Tab marks nothing where one is taken", () => {
  const state = press(picker(["dev", "qa"], false), "\t", "\r");
  assertEquals(takenNames(state), ["dev"]);
  assertEquals(shown(state).at(-2), "2 profiles; enter takes, esc leaves");
});

pure("Esc, ctrl+c and ctrl+d leave, and then nothing changes any more", () => {
  for (const key of ["\x1b", "\x03", "\x04"]) {
    const state = press(picker(["dev"]), key);
    assertEquals(state.outcome, "left");
    assertEquals(press(state, "\r", "x"), state);
  }
});

const wide: readonly PickerItem[] = [
  item("日本語サービス-production-database", {
    account: "123456789012",
    role: "ReadOnlyAccessForEverybodyInTheCompany",
    region: "ap-northeast-1",
    left: "11h59m",
  }),
  item("dev\x1b[2J\u202e", { left: "3m" }),
];

for (const columns of [12, 20, 40, 60, 80, 120, 200]) {
  pure(`no line is as wide as a terminal of ${columns} columns, and no name acts on it`, () => {
    let state = startPicker(wide, { several: true, size: { columns, rows: 24 } });
    state = press(state, ..."日本語 production and more than fits");
    for (const view of [state, press(state, "\x15")]) {
      const { lines, widths, cursor } = renderPicker(view, { styled: false });
      assertEquals(lines.map(unicodeWidth), widths);
      assert(Math.max(...widths) < columns, lines.join("\n"));
      assert(cursor < columns);
      assert(!lines.join("").includes("\x1b") && !lines.join("").includes("\u202e"));
    }
  });
}

pure(
  "the narrower the terminal, the less of the details: the name and the time left stay longest",
  () => {
    const titles = (columns: number) =>
      shown(startPicker(wide, { several: true, size: { columns, rows: 24 } }))[0]?.trim().split(
        / +/,
      );
    assertEquals(titles(120), ["PROFILE", "ROLE", "ACCOUNT", "REGION", "LEFT"]);
    assertEquals(titles(60), ["PROFILE", "ROLE", "ACCOUNT", "LEFT"]);
    assertEquals(titles(40), ["PROFILE", "ROLE", "LEFT"]);
    assertEquals(titles(30), ["PROFILE", "LEFT"]);
    assertEquals(titles(20), ["PROFILE"]);
  },
);

pure("a low terminal shows fewer entries, down to one", () => {
  for (const [rows, wanted] of [[24, 10], [8, 4], [5, 1], [2, 1]] as const) {
    assertEquals(rowsOf(picker(many, true, { columns: 80, rows })).length, wanted);
  }
});

pure("another size keeps the cursor, the text and the marks", () => {
  const state = press(picker(many), "\t", "\x1b[6~", "p");
  const low = resizePicker(press(state, down, down, down, down), { columns: 40, rows: 6 });
  assertEquals(rowsOf(low).filter((row) => row.startsWith(">")), ["> p14"]);
  assertEquals([low.marked.size, shown(low).at(-1)], [1, "Profiles: p"]);
});

pure("bold and dim alone tell rows apart, and only where styles are wanted", () => {
  const styled = renderPicker(picker(["dev", "qa"])).lines.join("\n");
  // deno-lint-ignore no-control-regex -- the styles are control sequences
  assertEquals(new Set(styled.match(/\x1b\[\d+m/g)), new Set(["\x1b[2m", "\x1b[0m", "\x1b[1m"]));
  assert(!shown(picker(["dev", "qa"])).join("").includes("\x1b"));
});
