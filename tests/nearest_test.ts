/**
 * The nearest name: near enough to suggest, or none.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { nearestName } from "../src/nearest.ts";
import { seededRandom } from "./fake_system.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const names = ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"];

/** One edit at a place: a letter more, less, another one, or two swapped. */
function mistype(name: string, number: () => number): string {
  const at = Math.floor(number() * (name.length - 1));
  const [head, tail] = [name.slice(0, at), name.slice(at)];
  const swapped = `${head}${tail[1]}${tail[0]}${tail.slice(2)}`;
  const edits = [`${head}x${tail}`, `${head}${tail.slice(1)}`, `${head}x${tail.slice(1)}`, swapped];
  return edits[Math.floor(number() * edits.length)] ?? name;
}

pure("nearestName() finds a name again after any one or two mistakes", () => {
  const { number } = seededRandom(3);
  for (let round = 0; round < 300; round++) {
    const name = names[round % names.length] ?? "";
    const once = mistype(name, number);
    assertEquals(nearestName(once, names), name, once);
    assertEquals(nearestName(mistype(once, number), names), name, once);
  }
});

pure("nearestName() does not care about case", () => {
  assertEquals(nearestName("dynamodbrole-DEV", names), "DynamoDBRole-dev");
});

pure("nearestName() counts swapped neighbours as one mistake", () => {
  assertEquals(nearestName("abdc", ["abxy", "abcd"]), "abcd");
});

pure("nearestName() takes the first of two that are equally near", () => {
  assertEquals(nearestName("role-c", ["role-a", "role-b"]), "role-a");
});

pure("nearestName() prefers the nearer of two, whatever their order", () => {
  assertEquals(nearestName("develop", ["devel", "develo"]), "develo");
  assertEquals(nearestName("develop", ["develo", "devel"]), "develo");
});

pure("nearestName() suggests nothing far-fetched", () => {
  assertEquals(nearestName("billing", names), undefined);
  assertEquals(nearestName("xy", ["abcd", "longer-name"]), undefined);
  assertEquals(nearestName("abc", []), undefined);
});

pure("nearestName() allows longer names more mistakes", () => {
  assertEquals(nearestName("DynaRole-dev", names), "DynamoDBRole-dev");
  assertEquals(nearestName("dev", ["qa-1"]), undefined);
});

pure("nearestName() suggests for a short name only what shares half of it", () => {
  for (const [name, other] of [["1", "#x"], ["1", "2"], ["ab", "xy"], ["dev", "dxy"], ["", "a"]]) {
    assertEquals(nearestName(name ?? "", [other ?? ""]), undefined, `${name} ${other}`);
  }
  for (const [name, other] of [["q", "qa"], ["dve", "dev"], ["prd", "prod"], ["e1", "dev1"]]) {
    assertEquals(nearestName(name ?? "", ["#x", other ?? ""]), other, `${name} ${other}`);
  }
});

Deno.test({
  name: "nearestName() compares no name that is endless",
  permissions: "none",
  fn() {
    const long = "a".repeat(200_000);
    assertEquals(nearestName(long, [`${long}b`]), undefined);
    assertEquals(nearestName("a".repeat(100), ["a".repeat(99), long]), "a".repeat(99));
  },
});
