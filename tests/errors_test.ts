/**
 * The error classes: code, name, message, hint and what else each one carries.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import * as errors from "../src/errors.ts";
import {
  ConfigError,
  type ErrorCode,
  errorTable,
  exitStatusOf,
  ExpiredError,
  formatPlace,
  InterruptedError,
  MfaError,
  OutputClosedError,
  ProfileError,
  ProgramError,
  SignInNeededError,
  SourceError,
  StoreError,
  StsavalError,
  StsError,
  StsUnreachableError,
  UsageError,
} from "../src/errors.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const refused = { operation: "AssumeRole", awsCode: "AccessDenied", requestId: "r-1" };

const samples: readonly (readonly [StsavalError, ErrorCode])[] = [
  [new StsavalError("FAILED", "Cannot go on"), "FAILED"],
  [new UsageError("Cannot go on"), "USAGE"],
  [new ConfigError("Cannot read", { file: "/c" }, "found x, wanted y"), "CONFIG"],
  [new MfaError("Cannot go on"), "MFA_NEEDED"],
  [new SignInNeededError("Cannot go on"), "SIGN_IN_NEEDED"],
  [new StoreError("locked", "Cannot go on"), "STORE_LOCKED"],
  [new StoreError("torn", "Cannot go on"), "STORE"],
  [new ProfileError([]), "PROFILE"],
  [new SourceError("SOURCE_REFUSED", "sso", "Cannot go on"), "SOURCE_REFUSED"],
  [new SourceError("SOURCE_UNREACHABLE", "sso", "Cannot go on"), "SOURCE_UNREACHABLE"],
  [new StsError("Cannot go on", refused), "STS_REFUSED"],
  [new StsUnreachableError("Cannot go on", refused), "STS_UNREACHABLE"],
  [new ExpiredError("Cannot go on"), "EXPIRED"],
  [
    new ProgramError("PROGRAM_NOT_EXECUTABLE", "a", "permission denied"),
    "PROGRAM_NOT_EXECUTABLE",
  ],
  [new ProgramError("PROGRAM_NOT_FOUND", "a", "there is no such program"), "PROGRAM_NOT_FOUND"],
  [new InterruptedError(), "INTERRUPTED"],
  [new InterruptedError("SIGHUP"), "HUNG_UP"],
  [new InterruptedError("SIGTERM"), "TERMINATED"],
  [new OutputClosedError(), "OUTPUT_CLOSED"],
];

pure("every error is a StsavalError with its code, and is named like its class", () => {
  for (const [error, code] of samples) {
    assertInstanceOf(error, StsavalError);
    assertEquals(error.code, code);
    assertEquals(error.name, error.constructor.name);
  }
});

pure("every code and every class is among the samples", () => {
  assertEquals(new Set(samples.map(([, code]) => code)), new Set(Object.keys(errorTable)));
  const classes = Object.keys(errors).filter((name) => name.endsWith("Error"));
  assertEquals(new Set(samples.map(([error]) => error.name)), new Set(classes));
});

pure("messages begin in upper case and end without a period", () => {
  for (const [error] of samples) assertMatch(error.message, /^[A-Z0-9].*[^.]$/);
});

pure("errorTable gives the exit statuses that scripts rely on", () => {
  const exits = Object.entries(errorTable).map(([code, { exit }]) => [code, exit]);
  assertEquals(Object.fromEntries(exits), {
    FAILED: 1,
    USAGE: 2,
    CONFIG: 2,
    MFA_NEEDED: 3,
    SIGN_IN_NEEDED: 3,
    STORE: 1,
    STORE_LOCKED: 3,
    PROFILE: 4,
    STS_REFUSED: 5,
    EXPIRED: 5,
    STS_UNREACHABLE: 6,
    SOURCE_REFUSED: 5,
    SOURCE_UNREACHABLE: 6,
    PROGRAM_NOT_EXECUTABLE: 126,
    PROGRAM_NOT_FOUND: 127,
    HUNG_UP: 129,
    INTERRUPTED: 130,
    OUTPUT_CLOSED: 141,
    TERMINATED: 143,
  });
});

pure("an error keeps its hint and its cause; without a cause it has none", () => {
  const cause = new Error("behind it");
  const error = new UsageError("Cannot go on", { hint: "see 'stsaval help'", cause });
  assertEquals([error.hint, error.cause], ["see 'stsaval help'", cause]);
  const bare = new UsageError("Cannot go on");
  assertEquals([bare.hint, "cause" in bare], [undefined, false]);
});

pure("formatPlace() says as much as is known", () => {
  assertEquals(formatPlace({ file: "/c" }), '"/c"');
  assertEquals(formatPlace({ file: "/c", line: 12 }), '"/c", line 12');
  assertEquals(formatPlace({ file: "/c", line: 12, column: 3 }), '"/c", line 12, column 3');
});

pure("a ConfigError says what, where and why, and keeps the place", () => {
  const place = { file: "/c", line: 3, column: 1 };
  const error = new ConfigError("Cannot read", place, "found x, wanted y");
  assertEquals(error.message, 'Cannot read "/c", line 3, column 1: found x, wanted y');
  assertEquals(error.place, place);
});

const missing = { profile: "dev", message: 'Profile "dev" does not exist', hint: "try devel" };
const looping = { profile: "qa", message: 'Profile "qa" leads to itself' };

pure("a ProfileError about one profile has its message and its hint", () => {
  const error = new ProfileError([missing]);
  assertEquals([error.message, error.hint], [missing.message, "try devel"]);
  assertEquals(new ProfileError([looping]).hint, undefined);
});

pure("a ProfileError about several profiles lists them all, in their order", () => {
  const error = new ProfileError([missing, looping]);
  assertEquals(
    error.message,
    '2 profiles cannot be used:\n  Profile "dev" does not exist (try devel)\n  Profile "qa" leads to itself',
  );
  assertEquals(error.hint, "'stsaval profiles' lists the known profiles");
  assertEquals(error.problems, [missing, looping]);
});

pure("a ProfileError takes a hint from whoever throws it", () => {
  assertEquals(new ProfileError([missing], { hint: "other" }).hint, "other");
});

pure("errors of STS keep operation, code and request id", () => {
  for (const error of [new StsError("x", refused), new StsUnreachableError("x", refused)]) {
    const { operation, awsCode, requestId } = error;
    assertEquals({ operation, awsCode, requestId }, refused);
  }
  const silent = new StsUnreachableError("x", { operation: "AssumeRole" });
  assertEquals([silent.awsCode, silent.requestId], [undefined, undefined]);
});

pure("an InterruptedError is for ctrl+c unless a signal says otherwise", () => {
  assertEquals(new InterruptedError().message, "Interrupted");
  assertEquals(new InterruptedError("SIGTERM").message, "Terminated");
  assert(new InterruptedError().code !== new InterruptedError("SIGTERM").code);
});

pure("exitStatusOf() is 128 and the signal's number, or the status of the table", () => {
  const statuses = (["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGALRM", "SIGTERM"] as const)
    .map((signal) => exitStatusOf(new InterruptedError(signal)));
  assertEquals(statuses, [129, 130, 131, 138, 142, 143]);
  assertEquals(exitStatusOf(new OutputClosedError()), 141);
  assertEquals(exitStatusOf(new MfaError("Cannot go on")), 3);
});
