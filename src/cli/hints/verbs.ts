/**
 * First words that are commands of neighbouring tools, or that people expect, and the line to type here: one table.
 *
 * @module
 */

import { quoteWord, quoteWords } from "../parse/quote_words.ts";
import type { ForeignLine } from "./foreign_line.ts";

/** One row. */
export interface Verb {
  /** Whose word it is. */
  readonly from: string;
  readonly verbs: readonly string[];
  /** A line that people type after `stsaval`, and the line that they should; both are tried by a test. */
  readonly typed: string;
  readonly meant: string;
  /** What to know beside the line. */
  readonly note?: string;
  /** True where a program and its arguments follow the profile. */
  readonly runs?: true;
  /** The line to type, from what follows the verb. */
  line(rest: ForeignLine, verb: string): string;
}

const placeholder = "PROFILE";

function namesOf({ operands, profiles }: ForeignLine): readonly string[] {
  return [...operands, ...profiles];
}

function nameOf({ operands: [operand], profiles: [name = operand] }: ForeignLine): string {
  return name === undefined ? placeholder : quoteWord(name);
}

function ours(verb: string, words: readonly string[] = []): string {
  return words.length === 0 ? `stsaval ${verb}` : `stsaval ${verb} ${quoteWords(words)}`;
}

/** The same words under another verb. */
function as(verb: string): Verb["line"] {
  return (rest) => ours(verb, [...namesOf(rest), ...rest.options]);
}

/** The variables of a profile, in this shell. */
function variables(rest: ForeignLine): string {
  const options = rest.options.length === 0 ? "" : ` ${quoteWords(rest.options)}`;
  return `eval "$(stsaval env ${nameOf(rest)}${options})"`;
}

function run(rest: ForeignLine): string {
  const { options, program = ["bash"] } = rest;
  return `stsaval exec ${[nameOf(rest), ...options.map(quoteWord)].join(" ")} -- ${
    quoteWords(program)
  }`;
}

function aws({ profiles: [name = placeholder] }: ForeignLine, words: readonly string[]): string {
  return `stsaval exec ${name === placeholder ? name : quoteWord(name)} -- aws ${
    quoteWords(words)
  }`;
}

/** The rows. */
export const verbs: readonly Verb[] = [
  {
    from: "aws-vault",
    verbs: ["list", "ls", "list-profiles", "list-roles"],
    typed: "list",
    meant: "stsaval profiles",
    line: () => "stsaval profiles",
  },
  {
    from: "aws-vault",
    verbs: ["add"],
    typed: "add dev",
    meant: "aws configure --profile dev",
    note: "stsaval reads the keys in ~/.aws/credentials",
    line: (rest) => `aws configure --profile ${nameOf(rest)}`,
  },
  {
    from: "aws-vault",
    verbs: ["remove", "rm", "clear", "flush", "unlogin", "signout"],
    typed: "remove dev",
    meant: "stsaval logout dev",
    line: (rest) => ours("logout", namesOf(rest)),
  },
  {
    from: "aws-vault",
    verbs: ["rotate"],
    typed: "rotate dev",
    meant: "stsaval exec dev -- aws iam create-access-key",
    note: "stsaval changes no long-term keys",
    line: (rest) => `stsaval exec ${nameOf(rest)} -- aws iam create-access-key`,
  },
  {
    from: "aws-vault, Granted, saml2aws, aws-sso-cli",
    verbs: ["export", "script", "eval", "unset", "activate", "shell-init"],
    typed: "export dev --format=fish",
    meant: 'eval "$(stsaval env dev --format fish)"',
    line: variables,
  },
  {
    from: "Granted, awsume, assume-role",
    verbs: ["assume", "awsume", "assume-role", "use", "switch", "select"],
    typed: "assume dev",
    meant: 'eval "$(stsaval env dev)"',
    runs: true,
    line: (rest) => rest.program === undefined ? variables(rest) : run(rest),
  },
  {
    from: "aws-vault, aws-sso-cli",
    verbs: ["shell", "run", "do", "with", "x"],
    typed: "run dev terraform plan",
    meant: "stsaval exec dev -- terraform plan",
    runs: true,
    line: run,
  },
  {
    from: "aws-vault, Granted, aws-sso-cli",
    verbs: ["web"],
    typed: "web dev",
    meant: "stsaval console dev",
    line: as("console"),
  },
  {
    from: "the AWS CLI",
    verbs: ["configure"],
    typed: "configure --profile dev",
    meant: "aws configure --profile dev",
    note: "stsaval reads the files that the AWS CLI writes",
    line: ({ operands: [verb], profiles: [name = placeholder] }) => {
      if (verb === "list-profiles" || verb === "list") return "stsaval profiles";
      const named = name === placeholder ? name : quoteWord(name);
      return verb === "export-credentials"
        ? `stsaval process ${named}`
        : `aws configure --profile ${named}`;
    },
  },
  {
    from: "the AWS CLI",
    verbs: ["sso"],
    typed: "sso login --profile dev",
    meant: "stsaval login dev",
    line: ({ operands: [verb], profiles }) =>
      ours(verb === "logout" ? "logout" : "login", profiles),
  },
  {
    from: "the AWS CLI",
    verbs: ["sts"],
    typed: "sts get-caller-identity --profile dev",
    meant: "stsaval exec dev -- aws sts get-caller-identity",
    line: (rest) => {
      const { operands: [call], profiles, options, others } = rest;
      if (call === "get-session-token") return ours("token", [...profiles, ...options]);
      if (call === "assume-role") return ours("creds", [...profiles, ...options]);
      return aws(rest, ["sts", ...others]);
    },
  },
  {
    from: "the AWS CLI",
    verbs: ["s3", "s3api", "ec2", "iam", "lambda", "eks", "ecr", "ecs", "logs", "ssm", "rds"],
    typed: "s3 ls --profile dev --recursive",
    meant: "stsaval exec dev -- aws s3 ls --recursive",
    line: (rest, verb) => aws(rest, [verb, ...rest.others]),
  },
  {
    from: "people",
    verbs: ["whoami", "identity", "id"],
    typed: "whoami dev",
    meant: "stsaval exec dev -- aws sts get-caller-identity",
    line: (rest) => `stsaval exec ${nameOf(rest)} -- aws sts get-caller-identity`,
  },
  {
    from: "people",
    verbs: ["get", "credentials", "fetch", "assume-roles"],
    typed: "get dev qa",
    meant: "stsaval creds dev qa",
    line: as("creds"),
  },
  {
    from: "people",
    verbs: ["refresh", "renew", "auth", "signin", "mfa"],
    typed: "refresh dev",
    meant: "stsaval login dev",
    line: as("login"),
  },
  {
    from: "people",
    verbs: ["keep", "daemon", "start"],
    typed: "keep dev qa",
    meant: "stsaval watch dev qa",
    line: as("watch"),
  },
  {
    from: "aws-sso-cli, people",
    verbs: ["cache", "time", "info"],
    typed: "cache",
    meant: "stsaval status",
    line: () => "stsaval status",
  },
  {
    from: "people",
    verbs: ["show", "describe", "why", "plan"],
    typed: "why dev",
    meant: "stsaval explain dev",
    line: as("explain"),
  },
  {
    from: "people",
    verbs: ["groups"],
    typed: "groups",
    meant: "stsaval profiles groups",
    line: () => "stsaval profiles groups",
  },
  {
    from: "people",
    verbs: ["version", "-v", "-version"],
    typed: "version",
    meant: "stsaval --version",
    line: () => "stsaval --version",
  },
];
