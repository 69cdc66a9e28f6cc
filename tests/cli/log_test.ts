import { assertEquals } from "@std/assert";
import { type CliLogger, type CliLogOptions, createCliLogger } from "../../src/cli/log.ts";
import { loggerFor } from "../../src/logger.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function logOf(options: Partial<CliLogOptions>, speak: (log: CliLogger) => void): string {
  let text = "";
  const log = createCliLogger((line) => text += line, {
    level: "verbose",
    format: "text",
    now: () => Date.UTC(2026, 0, 1),
    version: "0.1.0",
    ...options,
  });
  speak(log);
  return text;
}

function speakOnEachLevel(log: CliLogger): void {
  log.debug("load: read 2 files");
  log.info("validate: fine");
  log.warn("endpoint: region is old");
  log.error("refresh: STS said no");
}

pure("createCliLogger() shows INFO in the original program's form when verbose", () => {
  const text = logOf({}, (log) => {
    loggerFor(log, "core").info(
      "validate: Valid account profile names: ['DynamoDBRole-dev', 'CodeDeployRole-qa']",
    );
  });
  assertEquals(
    text,
    "/stsaval/core.ts - 0.1.0 - [INFO]: validate: Valid account profile names: " +
      "['DynamoDBRole-dev', 'CodeDeployRole-qa']\n",
  );
});

pure("createCliLogger() shows everything when verbose", () => {
  assertEquals(
    logOf({}, speakOnEachLevel),
    "/stsaval/cli.ts - 0.1.0 - [DEBUG]: load: read 2 files\n" +
      "/stsaval/cli.ts - 0.1.0 - [INFO]: validate: fine\n" +
      "warning: region is old\n" +
      "error: STS said no\n",
  );
});

pure("createCliLogger() shows warnings and errors as short lines for people otherwise", () => {
  assertEquals(
    logOf({ level: "normal" }, speakOnEachLevel),
    "warning: region is old\nerror: STS said no\n",
  );
});

pure("createCliLogger() shows only errors when quiet", () => {
  assertEquals(logOf({ level: "quiet" }, speakOnEachLevel), "error: STS said no\n");
});

pure("createCliLogger() writes one JSON object a line, with the caller's time", () => {
  const text = logOf({ format: "json" }, (log) => {
    log.forModule("refresher").info('refresh: "a"\nb');
    log.warn("fetch: slow");
  });
  assertEquals(text.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      time: "2026-01-01T00:00:00.000Z",
      level: "INFO",
      module: "refresher",
      message: 'refresh: "a"\nb',
    },
    { time: "2026-01-01T00:00:00.000Z", level: "WARN", module: "cli", message: "fetch: slow" },
  ]);
});

pure("createCliLogger() hides what it was told to hide, in every module and both formats", () => {
  for (const format of ["text", "json"] as const) {
    const text = logOf({ format }, (log) => {
      log.redact("");
      log.forModule("core").redact('wJalr"XUtn');
      log.error('fetch: sent wJalr"XUtn twice, wJalr"XUtn');
    });
    assertEquals(text.includes("wJalr"), false);
    assertEquals(text.includes("sent ******** twice, ********"), true);
  }
});

pure("createCliLogger() hides what looks like a session token, and leaves names alone", () => {
  const token = `FwoGZXIvYXdzE${"Ab0/+".repeat(60)}==`;
  const text = logOf({}, (log) => {
    log.warn(`fetch: got ${token}`);
    log.warn("fetch: arn:aws:iam::123456789012:role/a/long/path/to/the/Role-dev");
  });
  assertEquals(
    text,
    "warning: got ********\n" +
      "warning: arn:aws:iam::123456789012:role/a/long/path/to/the/Role-dev\n",
  );
});

pure("createCliLogger() lets no message forge a line or reach the terminal", () => {
  const text = logOf({}, (log) => log.warn("read: a\nerror: forged\x1b[2J"));
  assertEquals(text, "warning: a\n  error: forged\\x1b[2J\n");
});

pure("createCliLogger() keeps an earlier log apart from a later one", () => {
  let first = "";
  const options = { level: "normal", format: "text", now: () => 0, version: "0.1.0" } as const;
  const log = createCliLogger((line) => first += line, options);
  assertEquals(logOf({}, (later) => later.warn("x: later")), "warning: later\n");
  log.warn("x: first");
  assertEquals(first, "warning: first\n");
});
