/** One role of a chain. @module */

/** How a role is assumed. */
export interface RoleStep {
  roleArn: string;
  /** Required by its trust policy. */
  externalId: string | undefined;
  /** The session's name; default: the assertion's. */
  roleSessionName: string | undefined;
  /** The MFA device whose code the role needs. */
  mfaSerial?: string;
  /** Stays with every session that is made from this one. */
  sourceIdentity?: string;
  /** Session tags by key. */
  tags?: Readonly<Record<string, string>>;
  /** The tags that later sessions of the chain get too. */
  transitiveTagKeys?: readonly string[];
}
