/** What credentials stand for once they are issued: all that a token carries, and all that the service ever knows. */

export interface Session {
  readonly accessKeyId: string;
  /** Twelve digits. */
  readonly account: string;
  /** `root`: GetSessionToken by the root user. `root-task`: AssumeRoot. */
  readonly kind: 'role' | 'user' | 'federated' | 'root' | 'root-task';
  /**
   * Unique id, AROA… or AIDA…: a namesake made later does not inherit the sessions. The account for `root`,
   * `root-task` and federation by the root user. For `federated`, the id of the user who issued it.
   */
  readonly principalId: string;
  /** Role session name or federated name; empty otherwise. */
  readonly sessionName: string;
  /** Empty in tokens of version 1, which do not say. */
  readonly issuingRegion: string;
  readonly issuedSeconds: number;
  readonly expiresSeconds: number;
  /** Session policy as it was given. */
  readonly policy?: string;
  /** Lists here are absent rather than empty. */
  readonly policyArns?: readonly string[];
  /** Those of the request and those inherited along a chain of roles. */
  readonly tags?: readonly SessionTag[];
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  /** When MFA was given; absent: the session was made without. */
  readonly mfaSeconds?: number;
  /** Issued to a role session. Absent rather than false. */
  readonly chained?: boolean;
  readonly federation?: SessionFederation;
  readonly taskPolicyArn?: string;
  /** Policies of GetScopedCredentials, oldest first, at most 3. */
  readonly scopes?: readonly string[];
}

export type SessionTag = readonly [key: string, value: string];

export interface SessionFederation {
  readonly kind: 'oidc' | 'saml';
  readonly provider: string;
  readonly subject: string;
  readonly audience: string;
}
