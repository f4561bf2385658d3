/**
 * How much room a session takes: policies and tags in per cent of what STS allots to them, the whole token in bytes.
 * AWS publishes neither the packing nor the allotments. Both are fitted here to sizes on record: a policy that allows
 * everything 4 %, one of 163 characters 16 %, one of 1,509 with 30 actions 91 %; tags of 2,268 characters 498 %, however
 * often they repeat themselves. Policies and tags have allotments of their own.
 */

import type { StsError } from './errors.ts';
import type { SessionTag } from './session.ts';
import { packText } from './token-text.ts';

/**
 * DOCS, since 2026. Of the token as text, which is what a response returns, what SessionTokenSize counts "in bytes" and
 * what services must find room for; a token is ASCII, so that its length in characters is the same number.
 */
export const MAXIMUM_TOKEN_BYTES = 4_096;

/** What a request asks to put into a session, tags inherited along a chain included. */
export interface SizedParts {
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: readonly SessionTag[] | undefined;
}

/** PackedPolicySize: per cent that policies and tags take together. 0 for neither. That they add up is guessed. */
export function packedSizePercent(parts: SizedParts): number {
  return Math.round(policyPercent(parts) + tagsPercent(parts));
}

/** SessionTokenUtilization. Rounded up, which is guessed: no token then seems smaller than it is. */
export function tokenUtilizationPercent(tokenBytes: number): number {
  return Math.ceil((tokenBytes * 100) / MAXIMUM_TOKEN_BYTES);
}

/**
 * The refusal for what does not fit, whatever the size of the token. THREAD: aws-actions/configure-aws-credentials
 * issues 1803 and 1898 for tags, apache/polaris issue 3243 for policies. Tags first: guessed.
 */
export function packedPolicyTooLarge(parts: SizedParts): StsError | undefined {
  const tags = Math.round(tagsPercent(parts));
  if (tags > 100) return tooLarge(tagsMessage(tags));
  const all = packedSizePercent(parts);
  return all > 100 ? tooLarge(policyMessage(all)) : undefined;
}

/**
 * The refusal for a token over {@link MAXIMUM_TOKEN_BYTES}. The model of 2026 promises a message with sizes in bytes, but
 * in July of that year the real one still gave a percentage (THREAD: aws-actions/configure-aws-credentials issue 1898);
 * its wording for tokens that only together are too large is guessed.
 */
export function tokenTooLarge(tooLargeBytes: number, { policy, policyArns, tags }: SizedParts): StsError {
  const percent = tokenUtilizationPercent(tooLargeBytes);
  const tagsOnly = tags !== undefined && policy === undefined && policyArns === undefined;
  return tooLarge(tagsOnly ? tagsMessage(percent) : policyMessage(percent));
}

function policyPercent({ policy, policyArns }: SizedParts): number {
  if (policy === undefined && policyArns === undefined) return 0;
  const text = withoutWhiteSpace(policy ?? '') + (policyArns ?? []).join();
  return ((packText(text).length + POLICY_OVERHEAD_BYTES) / POLICY_ALLOTMENT_BYTES) * 100;
}

function tagsPercent({ tags }: SizedParts): number {
  if (tags === undefined) return 0;
  let bytes = 0;
  for (const [key, value] of tags) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value) + TAG_OVERHEAD_BYTES;
  }
  return (bytes / TAGS_ALLOTMENT_BYTES) * 100;
}

/** White space of JSON counts only inside quotes. Takes any text, JSON or not. */
function withoutWhiteSpace(json: string): string {
  let compact = '';
  let quoted = false;
  let from = 0;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted && code === BACKSLASH) index += 1;
    else if (!quoted && code <= SPACE) {
      compact += json.slice(from, index);
      from = index + 1;
    }
  }
  return compact + json.slice(from);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

const POLICY_ALLOTMENT_BYTES = 436;
const POLICY_OVERHEAD_BYTES = 13;
const TAGS_ALLOTMENT_BYTES = 459;
const TAG_OVERHEAD_BYTES = 2;

function tagsMessage(percent: number): string {
  return `Packed size of session tags consumes ${percent}% of allotted space.`;
}

export function policyMessage(percent: number): string {
  return `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`;
}

function tooLarge(message: string): StsError {
  return { status: 400, code: 'PackedPolicyTooLarge', message };
}
