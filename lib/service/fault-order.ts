/** Every fault that the service can hold, as plain data: how it crosses the process border, and the admin API's bodies. */

import type { RequestFault } from '../sts/service-faults.ts';
import type { HostCertificate } from './service-config.ts';

/** Without renewal it ends by itself after `leaseMs`. The same id replaces. */
export type ServiceFaultOrder = { readonly leaseMs: number } & (
  | RequestFault
  | ({ readonly id: string } & SettingFault)
  | ({ readonly id: string } & CertificateFault)
);

/** What is known of accounts, and where. */
export type SettingFault =
  /** The account's switch of STS in a Region, held off; an administrator who moves the switch ends it. */
  | { readonly kind: 'region-off'; readonly account: string; readonly region: string }
  /** The account's opt-in to a Region, withdrawn: its keys are unknown there. */
  | { readonly kind: 'opt-in-withdrawn'; readonly account: string; readonly region: string }
  /** Nothing about accounts of the partition can be changed. */
  | { readonly kind: 'control-plane-down'; readonly partition: string }
  /** The Region's replica learns of no change. */
  | { readonly kind: 'replica-stale'; readonly region: string }
  /** The user's access keys are gone, in each Region after its delay, and come back the same way. */
  | { readonly kind: 'keys-deleted'; readonly account: string; readonly user: string }
  /** As with keys; the role comes back with the same unique id. */
  | { readonly kind: 'role-deleted'; readonly account: string; readonly role: string }
  /** Version of the tokens that the global endpoint gives to the account. */
  | { readonly kind: 'token-version'; readonly account: string; readonly version: 1 | 2 };

/** New TLS handshakes under these names show other certificates. */
export interface CertificateFault {
  readonly kind: 'certificate';
  readonly hosts: readonly string[];
  /** What is wrong with them, for whoever reads the order; the certificates themselves decide. */
  readonly trouble: 'expired' | 'other-name' | 'unknown-authority';
  /** One for each host. */
  readonly certificates: readonly HostCertificate[];
}
