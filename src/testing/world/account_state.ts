/**
 * The accounts of an emulator as plain data: users with their keys and MFA devices, roles with their trust policies.
 *
 * @module
 */

/** A virtual MFA device. */
export interface EmulatorMfaDevice {
  /** The device's ARN: `arn:aws:iam::123456789012:mfa/kim`. */
  readonly serial: string;
  /** The secret that the device shares with AWS, in base32. */
  readonly secret: string;
}

/** A long-term key that a user has beside its first one. */
export interface EmulatorAccessKey {
  /** AKIA…: 16 to 128 letters, digits and underscores. */
  readonly accessKeyId: string;
  /** The secret access key. */
  readonly secretAccessKey: string;
  /** When it was made, in ISO 8601. Default: the first day of 2026. */
  readonly created?: string;
  /** True for a key that was deactivated. Default: false. */
  readonly isInactive?: boolean;
}

/** An IAM user with one pair of long-term keys, or the root user of an account. */
export interface EmulatorUser {
  /** The name in the user's ARN, with its path if it has one. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  /** AKIA…: 16 to 128 letters, digits and underscores. */
  readonly accessKeyId: string;
  /** The secret access key that signs the user's requests. */
  readonly secretAccessKey: string;
  /** The user's MFA device. */
  readonly mfa?: EmulatorMfaDevice;
  /** True if its policies do not allow `iam:ListMFADevices`. Default: false. */
  readonly deniesListMfaDevices?: boolean;
  /** True if its policies do not allow `iam:ListAccessKeys`. Default: false. */
  readonly deniesListAccessKeys?: boolean;
  /**
   * Its policies, each as JSON: what they say of IAM's own operations. `aws:MultiFactorAuthPresent` and `aws:username` are
   * known to their conditions. Default: all operations are allowed.
   */
  readonly policies?: readonly string[];
  /** When its access key was made, in ISO 8601. Default: the first day of 2026. */
  readonly keyCreated?: string;
  /** Its other long-term key; AWS allows two. */
  readonly furtherKeys?: readonly EmulatorAccessKey[];
  /** True for the root user of the account: it may not assume roles. Default: false. */
  readonly isRoot?: boolean;
  /** The partition in the user's ARN. Default: `aws`. */
  readonly partition?: string;
}

/** An identity provider (OIDC) that an account knows: it signs tokens for programs. */
export interface EmulatorIdentityProvider {
  /** Its URL, as tokens name it: `https://oidc.example.com`. */
  readonly issuer: string;
  /** The audiences (client ids) whose tokens are taken. */
  readonly audiences: readonly string[];
  /** How it signs. Default: `ES256`. */
  readonly algorithm?: "RS256" | "ES256";
}

/** The tokens with which a role may be assumed. */
export interface EmulatorTokenTrust {
  /** The provider that signed them. */
  readonly issuer: string;
  /** Whom they are about; `*` stands for any text: `repo:example/*`. */
  readonly subject: string;
  /** Whom they are for. Default: any audience of the provider. */
  readonly audience?: string;
}

/** GitHub Actions, as a job sees it: an endpoint that gives the job its tokens. */
export interface EmulatorGithub {
  /** Whom its tokens are about: `repo:example/app:ref:refs/heads/main`. */
  readonly subject: string;
  /** What the job proves itself with, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly requestToken: string;
}

/** An instance (EC2), as its metadata service knows it. */
export interface EmulatorMachine {
  /** The role that it has: `arn:aws:iam::123456789012:role/Web`. */
  readonly roleArn: string;
  /** How long its credentials live, in seconds. Default: six hours. */
  readonly sessionSeconds?: number;
}

/** A container (ECS, EKS), as its credentials endpoint knows it. */
export interface EmulatorContainer extends EmulatorMachine {
  /** What must stand in the header `Authorization`. Default: nothing. */
  readonly token?: string;
}

/** A managed policy of an account, which can be a session policy. */
export interface EmulatorManagedPolicy {
  /** Its ARN: `arn:aws:iam::123456789012:policy/Reports`. */
  readonly arn: string;
  /** The policy, as JSON. */
  readonly document: string;
}

/** An IAM role and its trust policy. */
export interface EmulatorRole {
  /** The role's ARN: `arn:aws:iam::123456789012:role/Deploy`. */
  readonly arn: string;
  /** Who may assume the role: account numbers, ARNs of accounts, users or roles, or `"*"`. */
  readonly trusts: readonly string[];
  /** The tokens of identity providers with which it may be assumed. */
  readonly trustsTokens?: readonly EmulatorTokenTrust[];
  /** The longest session, in seconds. Default: 3600. */
  readonly maxSessionDuration?: number;
  /** True if the caller must have authenticated with MFA, in the call or in its session. Default: false. */
  readonly requireMfa?: boolean;
  /** The external id that the caller must pass. */
  readonly externalId?: string;
  /** True if a policy denies the role to every caller. Default: false. */
  readonly denied?: boolean;
  /** False if its trust policy does not allow `sts:TagSession`. Default: true. */
  readonly allowsTags?: boolean;
  /** False if its trust policy does not allow `sts:SetSourceIdentity`. Default: true. */
  readonly allowsSourceIdentity?: boolean;
}

/** A role (permission set) of IAM Identity Center in one account. */
export interface EmulatorSsoRole {
  /** The name of the permission set. */
  readonly name: string;
  /** How long its credentials live, in seconds. Default: 3600. */
  readonly sessionSeconds?: number;
}

/** An account that the person of an Identity Center may use. */
export interface EmulatorSsoAccount {
  /** Twelve digits. */
  readonly accountId: string;
  /** As it is shown to people. */
  readonly name: string;
  /** The roles that the person has there. */
  readonly roles: readonly EmulatorSsoRole[];
}

/** An instance of IAM Identity Center, with one person who uses it. */
export interface EmulatorSso {
  /** As it stands in profiles: `https://example.awsapps.com/start`. */
  readonly startUrl: string;
  /** The region of the instance. */
  readonly region: string;
  /** The name of the person, which sessions of roles carry. Default: `kim`. */
  readonly userName?: string;
  /** The accounts, in the order in which they are listed. */
  readonly accounts: readonly EmulatorSsoAccount[];
}

/** What a person who signs in with `aws login` becomes. */
export interface EmulatorSignIn {
  /** The ARN of the role that the person is signed in to: `arn:aws:iam::123456789012:role/Admin`. */
  readonly roleArn: string;
  /** The name of its session. Default: `kim`. */
  readonly sessionName?: string;
}

/** What is kept of a sign-in, in the words of the AWS CLI's file; dates are ISO 8601. */
export interface EmulatorSsoToken {
  /** The session's token, which the portal takes. */
  readonly accessToken: string;
  /** When it ends. */
  readonly expiresAt: string;
  /** What gets a new one. */
  readonly refreshToken: string;
  /** The client that the token was issued to. */
  readonly clientId: string;
  /** What the client proves itself with. */
  readonly clientSecret: string;
  /** When the client's registration ends. */
  readonly registrationExpiresAt: string;
  /** Where the person signed in. */
  readonly startUrl: string;
  /** The region of the instance. */
  readonly region: string;
}

/** The users and roles of an emulator. */
export interface EmulatorWorld {
  /** Its IAM Identity Center; without one, calls of it are rejected. */
  readonly sso?: EmulatorSso;
  /** Its AWS Sign-In; without one, calls of it are rejected. */
  readonly signIn?: EmulatorSignIn;
  /** The identity providers that its accounts know. */
  readonly identityProviders?: readonly EmulatorIdentityProvider[];
  /** GitHub Actions; its tokens are those of the provider `https://token.actions.githubusercontent.com`. */
  readonly github?: EmulatorGithub;
  /** The instance whose metadata service it is; without one, requests to that are rejected. */
  readonly instance?: EmulatorMachine;
  /** The container whose endpoint it is; without one, requests to that are rejected. */
  readonly container?: EmulatorContainer;
  /** The managed policies of its accounts; of AWS's own it knows a few, such as `ReadOnlyAccess`. */
  readonly managedPolicies?: readonly EmulatorManagedPolicy[];
  /** The users with long-term keys. */
  readonly users: readonly EmulatorUser[];
  /** The roles that can be assumed. */
  readonly roles: readonly EmulatorRole[];
}

/** The ARN of a user: `arn:aws:iam::123456789012:user/kim`, or `…:root`. */
export function userArn(user: EmulatorUser): string {
  const resource = user.isRoot ? "root" : `user/${user.name}`;
  return `arn:${user.partition ?? "aws"}:iam::${user.account}:${resource}`;
}

/** The ARN of the role by which IAM Identity Center makes a permission set usable in an account. */
export function ssoRoleArn(accountId: string, roleName: string): string {
  return `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/` +
    `AWSReservedSSO_${roleName}_0123456789abcdef`;
}

const sampleAccount = "123456789012";
const NAMED_ROLES = ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"];

/**
 * A sample world: the user `IAM_USER1` with an MFA device, and roles that only trust that user with MFA. The
 * first three are `DynamoDBRole-dev`, `CodeDeployRole-qa` and `S3ReadOnlyRole-prod`; further ones are `Role0004`,
 * `Role0005` and so on. The keys are the examples of AWS's own documentation.
 */
export function sampleWorld(roleCount = NAMED_ROLES.length): EmulatorWorld {
  const account = sampleAccount;
  const user: EmulatorUser = {
    name: "IAM_USER1",
    account,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    mfa: {
      serial: `arn:aws:iam::${account}:mfa/IAM_USER1`,
      secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    },
  };
  const roles = Array.from({ length: roleCount }, (_, index): EmulatorRole => ({
    arn: `arn:aws:iam::${account}:role/${NAMED_ROLES[index] ?? numberedRole(index + 1)}`,
    trusts: [userArn(user)],
    requireMfa: true,
  }));
  return { users: [user], roles };
}

/**
 * A sample world with an IAM Identity Center beside the user: its person has the role `Admin` of account 123456789012,
 * on which three more roles rest, `LambdaRole-dev`, `LogsRole-qa` and `BackupRole-prod`, without MFA.
 */
export function sampleSsoWorld(roleCount?: number): EmulatorWorld {
  const { users, roles } = sampleWorld(roleCount);
  const admin = { name: "Admin" };
  return {
    users,
    roles: [...roles, ...rolesOnTop(ssoRoleArn(sampleAccount, admin.name))],
    sso: {
      startUrl: "https://example.awsapps.com/start",
      region: "us-east-1",
      accounts: [{ accountId: sampleAccount, name: "Example", roles: [admin] }],
    },
  };
}

/**
 * A sample world with an AWS Sign-In beside the user: its person has run `aws login` as the role `Admin`, on which three
 * more rest, `LambdaRole-dev`, `LogsRole-qa` and `BackupRole-prod`, without MFA.
 */
export function sampleLoginWorld(roleCount?: number): EmulatorWorld {
  const { users, roles } = sampleWorld(roleCount);
  const roleArn = `arn:aws:iam::${sampleAccount}:role/Admin`;
  return {
    users,
    roles: [...roles, ...rolesOnTop(roleArn)],
    signIn: { roleArn, sessionName: "kim" },
  };
}

/**
 * A sample world with an instance or a container beside the user: its role is `Machine`, on which three more rest,
 * `LambdaRole-dev`, `LogsRole-qa` and `BackupRole-prod`, without MFA.
 */
export function sampleMachineWorld(
  kind: "instance" | "container",
  { roleCount, ...machine }: Partial<EmulatorContainer> & { readonly roleCount?: number } = {},
): EmulatorWorld {
  const { users, roles } = sampleWorld(roleCount);
  const roleArn = `arn:aws:iam::${sampleAccount}:role/Machine`;
  return {
    users,
    roles: [...roles, ...rolesOnTop(roleArn)],
    [kind]: { roleArn, ...machine },
  };
}

/** The value of `login_session`: the ARN of who signed in. */
export function loginSessionOf({ roleArn, sessionName }: EmulatorSignIn): string {
  const [, partition, , , account, resource = ""] = roleArn.split(":");
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  return `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
}

/** Three roles that one other may assume, without MFA. */
function rolesOnTop(trusted: string): readonly EmulatorRole[] {
  return ["LambdaRole-dev", "LogsRole-qa", "BackupRole-prod"].map((name) => ({
    arn: `arn:aws:iam::${sampleAccount}:role/${name}`,
    trusts: [trusted],
  }));
}

function numberedRole(number: number): string {
  return `Role${String(number).padStart(4, "0")}`;
}
