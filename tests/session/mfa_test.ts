import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MfaError, UsageError } from "../../src/errors.ts";
import { checkMfaCode, createMfaSource } from "../../src/session/mfa.ts";
import { settle } from "../settle.ts";

const signal = new AbortController().signal;

Deno.test({
  name: "checkMfaCode() takes six digits and says of anything else only how long it is",
  permissions: "none",
  fn() {
    assertEquals(checkMfaCode("000123"), "000123");
    for (const code of ["123 456", " 123456\r\n", "12\t34\u00a056"]) {
      assertEquals(checkMfaCode(code), "123456");
    }
    for (const code of ["12345", "1234567", "12345a", "", "١٢٣٤٥٦", "123\n456", "123-456"]) {
      const error = assertThrows(() => checkMfaCode(code), UsageError, "wanted 6 digits");
      assert(code === "" || !error.message.includes(code));
    }
    assertThrows(
      () => checkMfaCode("12345", "STSAVAL_MFA_CODE"),
      UsageError,
      "Cannot use STSAVAL_MFA_CODE: found 5 digits, wanted 6 digits",
    );
  },
});

Deno.test({
  name: "a code that was given serves one device once",
  permissions: "none",
  async fn() {
    const source = createMfaSource("123456");
    assertEquals((await source("arn:a", signal)).code, "123456");
    const error = await assertRejects(() => source("arn:b", signal), MfaError, '"arn:b"');
    assert(!error.message.includes("123456"));
  },
});

Deno.test({
  name: "a function is asked for two devices one after the other, also when the first one fails",
  permissions: "none",
  async fn() {
    const asked: string[] = [];
    const { promise, reject } = Promise.withResolvers<string>();
    const source = createMfaSource((serial) => {
      asked.push(serial);
      return serial === "a" ? promise : "654321";
    });
    const [a, b] = [source("a", signal), source("b", signal)];
    await settle();
    assertEquals(asked, ["a"]);
    reject(new Error("no"));
    await assertRejects(() => a, Error, "no");
    assertEquals((await b).code, "654321");
  },
});

Deno.test({
  name: "without a code the error names the device and the ways to give one",
  permissions: "none",
  async fn() {
    const error = await assertRejects(() => createMfaSource(undefined)("arn:a", signal), MfaError);
    assertEquals(error.message, 'An MFA code is needed for "arn:a": none was given');
    assertEquals(error.hint, "give mfaCode, or --mfa-code on the command line");
  },
});

Deno.test({
  name: "a function is told the command that the profile names for the code",
  permissions: "none",
  async fn() {
    const told: unknown[] = [];
    const source = createMfaSource((serial, { mfaProcess }) => {
      told.push([serial, mfaProcess]);
      return "123456";
    });
    await source("arn:a", signal, "oathtool --totp");
    await source("arn:b", signal);
    assertEquals(told, [["arn:a", "oathtool --totp"], ["arn:b", undefined]]);
  },
});

Deno.test({
  name: "createMfaSource() refuses what is neither text nor a function, and does not tell a code",
  permissions: "none",
  fn() {
    const table = [[123456, "a value of type number"], [null, "null"], [
      {},
      "type object",
    ]] as const;
    for (const [option, found] of table) {
      const make = () => Reflect.apply(createMfaSource, undefined, [option]);
      const error = assertThrows(make, UsageError);
      assert(error.message.startsWith("Cannot use mfaCode: found "), error.message);
      assert(error.message.includes(`${found}, wanted a string of 6 digits`), error.message);
      assert(!error.message.includes("123456"));
    }
  },
});

Deno.test({
  name: "what is no code is told by its kind and its length, with what helps",
  permissions: "none",
  fn() {
    const rows = [
      ["12345", "found 5 digits, wanted 6 digits"],
      ["", "found 0 digits, wanted 6 digits"],
      ["12345a7", "found 7 characters, wanted 6 digits"],
      [123456 as never, "found number, wanted 6 digits"],
      [undefined as never, "found undefined, wanted 6 digits"],
    ] as const;
    for (const [code, found] of rows) {
      const error = assertThrows(() => checkMfaCode(code), UsageError);
      assertEquals(error.message, `Cannot use the MFA code: ${found}`);
      assertEquals(error.hint, "give the six digits that the device shows now");
    }
    const option = assertThrows(() => createMfaSource(123456 as never), UsageError);
    assertEquals(option.hint, 'write the code in quotes, such as "012345"');
  },
});

Deno.test({
  name: "a second use of a given code is told with what gives more of them",
  permissions: "none",
  async fn() {
    const source = createMfaSource("123456");
    await source("arn:one", signal);
    const error = await assertRejects(() => source("arn:two", signal), MfaError);
    assertEquals(
      error.hint,
      "AWS accepts each code once; give a function as mfaCode, or run in a terminal",
    );
  },
});

Deno.test({
  name:
    "a function gives another code on request, or none; without a way to ask there is none to be had",
  permissions: "none",
  async fn() {
    const refusal = new Error("refused") as never;
    const answers = [{ code: "222 222" }, undefined];
    const source = createMfaSource(() => ({
      code: "111 111",
      onRefused: () => Promise.resolve(answers.shift()),
    }));
    const first = await source("arn:mfa", signal);
    assertEquals(first.code, "111111");
    const second = await first.onRefused?.(refusal);
    assertEquals([second?.code, second?.onRefused], ["222222", undefined]);
    assertEquals(await first.onRefused?.(refusal), undefined);
    const plain = await createMfaSource(() => ({ code: "111111" }))("arn:mfa", signal);
    assertEquals([plain.code, plain.onRefused], ["111111", undefined]);
  },
});

Deno.test({
  name: "who has given up while another prompt was open is not prompted",
  permissions: "none",
  async fn() {
    const asked: string[] = [];
    const open = Promise.withResolvers<string>();
    const source = createMfaSource((serial) => {
      asked.push(serial);
      return open.promise;
    });
    const controller = new AbortController();
    const first = source("arn:one", signal);
    const second = source("arn:two", controller.signal);
    controller.abort(new Error("given up"));
    open.resolve("123456");
    await assertRejects(() => second, Error, "given up");
    assertEquals([(await first).code, asked], ["123456", ["arn:one"]]);
  },
});
