/**
 * The managed policies that an emulator knows: those of its world, and a part of AWS's own.
 *
 * @module
 */

import { validationError } from "../http/error.ts";
import type { EmulatorManagedPolicy } from "../world/account_state.ts";
import { parsePolicy, type PolicyDocument } from "./document.ts";

/** AWS's policies, by their names. Of `ReadOnlyAccess` it has the services that programs are mostly tested with. */
const ofAws: ReadonlyMap<string, PolicyDocument> = new Map([
  ["AdministratorAccess", parsePolicy(allow(["*"]))],
  [
    "ReadOnlyAccess",
    parsePolicy(allow([
      ...["cloudformation", "cloudwatch", "dynamodb", "ec2", "ecr", "ecs", "eks", "elasticache"],
      ...["iam", "kms", "lambda", "logs", "rds", "route53", "s3", "sns", "sqs", "ssm"],
    ].flatMap((service) => ["Describe", "Get", "List"].map((verb) => `${service}:${verb}*`)))),
  ],
]);

/** Looks up managed policies. */
export class ManagedPolicies {
  readonly #documents: ReadonlyMap<string, PolicyDocument>;

  /** Parses the policies of a world. */
  constructor(policies: readonly EmulatorManagedPolicy[]) {
    this.#documents = new Map(policies.map(({ arn, document }) => [arn, parsePolicy(document)]));
  }

  /**
   * What a policy says; undefined for one of AWS's that the emulator has not.
   *
   * @throws {EmulatorError} ValidationError for one that is neither AWS's nor in the account
   */
  find(arn: string, account: string): PolicyDocument | undefined {
    const [, partition, service, , owner, ...resource] = arn.split(":");
    const [kind, ...path] = resource.join(":").split("/");
    const name = path.at(-1) ?? "";
    if (!partition || service !== "iam" || kind !== "policy" || name === "") {
      throw validationError(`ARN ${arn} is not valid.`);
    }
    const known = this.#documents.get(arn);
    if (owner === "aws") return known ?? ofAws.get(name);
    if (owner === account && known !== undefined) return known;
    throw validationError(`Policy ${arn} does not exist or is not attachable.`);
  }
}

function allow(actions: readonly string[]): string {
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: statement });
}
