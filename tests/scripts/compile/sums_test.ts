import { assertEquals, assertRejects } from "@std/assert";
import { addSums, withoutMissing, withSum } from "../../../scripts/compile/sums.ts";

Deno.test({
  name: "withSum() puts a sum in place of an older one",
  permissions: "none",
  fn() {
    const sums = withSum(withSum("", "a", "1"), "b", "2");
    assertEquals(sums, "1  a\n2  b\n");
    assertEquals(withSum(sums, "a", "3"), "2  b\n3  a\n");
    // "aa" ends like "a".
    assertEquals(withSum("1  aa\n", "a", "2"), "1  aa\n2  a\n");
  },
});

Deno.test({
  name: "withoutMissing() keeps the sums of files that are there",
  permissions: "none",
  fn() {
    assertEquals(withoutMissing("1  a\n2  b c\n3  d\n", new Set(["a", "b c"])), "1  a\n2  b c\n");
    assertEquals(withoutMissing("", new Set(["a"])), "");
  },
});

Deno.test("addSums() keeps the sums of what else lies there, and drops those of what is gone", async () => {
  await Deno.mkdir(".tmp", { recursive: true });
  const folder = await Deno.makeTempDir({ dir: ".tmp" });
  try {
    await Deno.writeTextFile(`${folder}/SHA256SUMS`, "1  kept\n2  gone\n");
    await Deno.writeTextFile(`${folder}/kept`, "");
    await Deno.writeTextFile(`${folder}/new`, "abc");
    await addSums(folder, ["new"]);
    // The digest of "abc" stands in FIPS 180-4.
    const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertEquals(
      await Deno.readTextFile(`${folder}/SHA256SUMS`),
      `1  kept\n${digest}  new\n`,
    );
    await assertRejects(() => addSums(folder, ["missing"]), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
