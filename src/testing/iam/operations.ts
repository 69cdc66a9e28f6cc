/**
 * The operations of IAM that stsaval calls: each a record of what it may be asked, and what it does.
 *
 * @module
 */

import type { StateMachine } from "../sts/state_machine.ts";
import { checkText, type TextRule } from "../sts/validate.ts";
import type { XmlContent } from "../sts/xml.ts";
import type { EmulatorUser } from "../world/account_state.ts";
import { firstDay, friendlyName, type KeyStatus } from "../world/user_keys.ts";

/** What an operation works with. */
export interface IamCall {
  readonly machine: StateMachine;
  /** The user that it is about. */
  readonly user: EmulatorUser;
  readonly parameters: URLSearchParams;
  readonly now: number;
}

/** One operation. */
export interface IamOperation {
  /** True where temporary keys must name the user (IAM API reference, UpdateAccessKey). */
  readonly isOfKeys: boolean;
  /** True if the user's own settings in the world do not allow it. */
  readonly isDenied?: (user: EmulatorUser) => boolean;
  /** What is wrong with its parameters. */
  readonly violations?: (parameters: URLSearchParams) => readonly string[];
  /** The content of its result; undefined for one without. */
  readonly perform: (call: IamCall) => XmlContent | undefined;
}

const keyIdRule: TextRule = {
  ...{ name: "accessKeyId", min: 16, max: 128, pattern: /^[\w]+$/, required: true },
};

/** The limits of the name of a user, as IAM has them. */
export const userNameRule: TextRule = {
  ...{ name: "userName", min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ },
};

const statuses: readonly string[] = ["Active", "Inactive"] satisfies readonly KeyStatus[];

const keyId = (parameters: URLSearchParams) => parameters.get("AccessKeyId") ?? "";
const keyIdViolations = (parameters: URLSearchParams) =>
  checkText(parameters.get("AccessKeyId") ?? undefined, keyIdRule);

/** The table. */
export const iamOperations: ReadonlyMap<string, IamOperation> = new Map<string, IamOperation>([
  ["ListMFADevices", {
    isOfKeys: false,
    isDenied: ({ deniesListMfaDevices = false }) => deniesListMfaDevices,
    perform: ({ user }) => ({
      IsTruncated: "false",
      MFADevices: user.mfa === undefined ? "" : {
        member: {
          UserName: friendlyName(user),
          SerialNumber: user.mfa.serial,
          EnableDate: firstDay,
        },
      },
    }),
  }],
  ["ListAccessKeys", {
    isOfKeys: true,
    isDenied: ({ deniesListAccessKeys = false }) => deniesListAccessKeys,
    perform: ({ machine, user, now }) => ({
      IsTruncated: "false",
      AccessKeyMetadata: {
        member: machine.userKeys.list(user, now).map(({ accessKeyId, created, status }) => ({
          UserName: friendlyName(user),
          AccessKeyId: accessKeyId,
          Status: status,
          CreateDate: wholeSeconds(created),
        })),
      },
    }),
  }],
  ["CreateAccessKey", {
    isOfKeys: true,
    perform: ({ machine, user, now }) => {
      const { accessKeyId, secretAccessKey, created } = machine.createUserKey(user, now);
      return {
        AccessKey: {
          UserName: friendlyName(user),
          AccessKeyId: accessKeyId,
          Status: "Active",
          SecretAccessKey: secretAccessKey,
          CreateDate: wholeSeconds(created),
        },
      };
    },
  }],
  ["UpdateAccessKey", {
    isOfKeys: true,
    violations: (parameters) => [
      ...keyIdViolations(parameters),
      ...statusViolations(parameters.get("Status")),
    ],
    perform: ({ machine, user, parameters, now }) => {
      const status = parameters.get("Status") === "Active" ? "Active" : "Inactive";
      machine.userKeys.change(user, keyId(parameters), status, now);
      return undefined;
    },
  }],
  ["DeleteAccessKey", {
    isOfKeys: true,
    violations: keyIdViolations,
    perform: ({ machine, user, parameters, now }) => {
      machine.userKeys.change(user, keyId(parameters), undefined, now);
      return undefined;
    },
  }],
  ["GetAccessKeyLastUsed", {
    isOfKeys: false,
    violations: keyIdViolations,
    perform: ({ machine, user: { account }, parameters, now }) => {
      const { used, user } = machine.userKeys.find(keyId(parameters), account, now);
      return {
        UserName: friendlyName(user),
        AccessKeyLastUsed: used === undefined
          ? { Region: "N/A", ServiceName: "N/A" }
          : { LastUsedDate: wholeSeconds(used.at), Region: used.region, ServiceName: used.service },
      };
    },
  }],
]);

function statusViolations(status: string | null): readonly string[] {
  if (status !== null && statuses.includes(status)) return [];
  const found = status === null ? "null" : `'${status}'`;
  return [
    `Value ${found} at 'status' failed to satisfy constraint: Member must satisfy enum value set: ` +
    `[${statuses.join(", ")}]`,
  ];
}

function wholeSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
