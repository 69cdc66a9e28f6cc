/**
 * What we rely on in `@std/log`, held to the local edition and to the real package alike.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { BaseHandler, getLogger, type LevelName, type LogRecord, setup } from "@std/log";

function pure(name: string, fn: () => void): void {
  Deno.test({ name: `@std/log ${name}`, permissions: "none", fn });
}

class Collector extends BaseHandler {
  readonly lines: string[] = [];

  override log(msg: string): void {
    this.lines.push(msg);
  }
}

function collect(
  levels: { readonly handler: LevelName; readonly logger: LevelName },
  formatter?: (record: LogRecord) => string,
): Collector {
  const handler = new Collector(levels.handler, formatter === undefined ? {} : { formatter });
  setup({
    handlers: { list: handler },
    loggers: { ours: { level: levels.logger, handlers: ["list"] } },
  });
  return handler;
}

const everything = { handler: "DEBUG", logger: "DEBUG" } as const;

pure("writes level name and message where no formatter is given", () => {
  const { lines } = collect(everything);
  getLogger("ours").info("hello");
  assertEquals(lines, ["INFO hello"]);
});

pure("knows the levels DEBUG, INFO, WARN, ERROR and CRITICAL", () => {
  const { lines } = collect(everything, (record) => record.levelName);
  const log = getLogger("ours");
  log.debug("1");
  log.info("2");
  log.warn("3");
  log.error("4");
  log.critical("5");
  assertEquals(lines, ["DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"]);
});

pure("orders levels by their numbers", () => {
  const numbers: number[] = [];
  collect(everything, (record) => `${numbers.push(record.level)}`);
  const log = getLogger("ours");
  log.debug("1");
  log.info("2");
  log.warn("3");
  log.error("4");
  log.critical("5");
  assertEquals(numbers, numbers.toSorted((a, b) => a - b));
  assertEquals(new Set(numbers).size, 5);
});

pure("drops what is below the handler's level, and below the logger's", () => {
  for (
    const levels of [{ handler: "WARN", logger: "DEBUG" }, { handler: "DEBUG", logger: "WARN" }]
  ) {
    const { lines } = collect(levels as Parameters<typeof collect>[0]);
    getLogger("ours").info("no");
    getLogger("ours").warn("yes");
    assertEquals(lines, ["WARN yes"]);
  }
});

pure("gives a record message, arguments, logger name and time", () => {
  const records: LogRecord[] = [];
  collect(everything, (record) => `${records.push(record)}`);
  const before = Date.now();
  getLogger("ours").warn("hello", "core", 7);
  const [record] = records;
  assert(record);
  assertEquals([record.msg, record.args, record.loggerName], ["hello", ["core", 7], "ours"]);
  assertInstanceOf(record.datetime, Date);
  assert(record.datetime.getTime() >= before);
});

pure("asks format() of a subclass before log()", () => {
  class Shouting extends Collector {
    override format(record: LogRecord): string {
      return record.msg.toUpperCase();
    }
  }
  const handler = new Shouting("DEBUG");
  setup({ handlers: { list: handler }, loggers: { ours: { level: "DEBUG", handlers: ["list"] } } });
  getLogger("ours").info("hello");
  assertEquals(handler.lines, ["HELLO"]);
});

pure("hands a record to every handler of its logger, to no other", () => {
  const [one, two, other] = [
    new Collector("DEBUG"),
    new Collector("DEBUG"),
    new Collector("DEBUG"),
  ];
  setup({
    handlers: { one, two, other },
    loggers: { ours: { level: "DEBUG", handlers: ["one", "two"] } },
  });
  getLogger("ours").info("x");
  assertEquals([one.lines, two.lines, other.lines], [["INFO x"], ["INFO x"], []]);
});

pure("replaces a logger of an earlier setup", () => {
  const { lines } = collect(everything);
  const later = collect(everything);
  getLogger("ours").info("x");
  assertEquals([lines, later.lines], [[], ["INFO x"]]);
});
