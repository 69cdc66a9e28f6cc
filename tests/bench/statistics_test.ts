import { assertEquals } from "@std/assert";
import { median, once, percentile, ratioOfPairs, summarize } from "../../bench/statistics.ts";

const pure = { permissions: "none" } as const;

Deno.test("percentile() and median() do not need sorted values", pure, () => {
  const values = [9, 1, 5, 3, 7];
  assertEquals(median(values), 5);
  assertEquals(percentile(values, 0.9), 9);
  assertEquals(percentile(values, 1), 9);
  assertEquals(percentile(values, 0), 1);
  assertEquals(median([]), NaN);
});

Deno.test("summarize() gives one long measurement no weight", pure, () => {
  const values = [...Array.from({ length: 20 }, () => 1), 1_000];
  assertEquals(summarize(values), { value: 1, spread: [1, 1] });
});

Deno.test(
  "ratioOfPairs() changes the order, and gives the second as a multiple of the first",
  pure,
  async () => {
    const order: string[] = [];
    const cost = (name: string, value: number) => () => {
      order.push(name);
      return Promise.resolve(value);
    };
    const measured = await ratioOfPairs(cost("one", 2), cost("other", 3), 2);
    assertEquals(measured, { value: 1.5, spread: [1.5, 1.5] });
    assertEquals(order.slice(2), ["one", "other", "other", "one"]);
  },
);

Deno.test("once() measures once, also where two ask at once", pure, async () => {
  let count = 0;
  const measure = once(() => Promise.resolve(++count));
  assertEquals(await Promise.all([measure(), measure()]), [1, 1]);
});
