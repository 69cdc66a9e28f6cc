/**
 * Options of neighbouring tools, and what they are called here.
 *
 * @module
 */

/** One row. */
export interface ForeignOption {
  /** Whose option it is. */
  readonly from: string;
  readonly names: readonly string[];
  /** True where a value follows. */
  readonly takesValue: boolean;
  /** Our option for the same; without it there is nothing to say. */
  readonly ours?: string;
}

/** The rows; an option that a command of ours takes under the same name is not looked up here. */
export const foreignOptions: readonly ForeignOption[] = [
  { from: "aws-vault", names: ["--no-session", "-n"], takesValue: false },
  { from: "aws-vault", names: ["--duration", "-d"], takesValue: true, ours: "--lifetime" },
  { from: "aws-vault", names: ["--mfa-token", "-t"], takesValue: true, ours: "--mfa-code" },
  { from: "aws-vault", names: ["--server", "-s", "--ec2-server"], takesValue: false },
  { from: "aws-vault", names: ["--ecs-server", "--lazy", "--stdout"], takesValue: false },
  { from: "aws-vault", names: ["--prompt", "--backend"], takesValue: true },
  { from: "aws-vault", names: ["--assume-role-ttl", "--session-ttl"], takesValue: true },
  { from: "Granted", names: ["--console", "-c"], takesValue: false },
  { from: "Granted", names: ["--exec"], takesValue: true },
  { from: "Granted", names: ["--terminal", "--env"], takesValue: false },
  { from: "Granted", names: ["--unset", "-un"], takesValue: false, ours: "--unset" },
  { from: "awsume", names: ["--refresh", "-r"], takesValue: false },
  { from: "awsume", names: ["--unset", "-u"], takesValue: false, ours: "--unset" },
  { from: "saml2aws", names: ["--idp-account", "-a"], takesValue: true, ours: "--profile" },
  { from: "saml2aws", names: ["--skip-prompt"], takesValue: false, ours: "--no-input" },
  { from: "saml2aws", names: ["--session-duration"], takesValue: true, ours: "--lifetime" },
  { from: "the AWS CLI", names: ["--serial-number"], takesValue: true, ours: "--mfa-serial" },
  { from: "the AWS CLI", names: ["--token-code"], takesValue: true, ours: "--mfa-code" },
  { from: "the AWS CLI", names: ["--no-cli-pager", "--debug"], takesValue: false },
  { from: "gcreds", names: ["--accounts"], takesValue: true, ours: "--profiles" },
  { from: "other programs", names: ["--non-interactive"], takesValue: false, ours: "--no-input" },
  {
    from: "other programs",
    names: ["--role", "--assume-role"],
    takesValue: true,
    ours: "--role-arn",
  },
];

/** The row of an option. */
export function findForeignOption(name: string): ForeignOption | undefined {
  return foreignOptions.find(({ names }) => names.includes(name));
}
