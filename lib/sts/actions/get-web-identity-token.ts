/**
 * GetWebIdentityToken: a token by which a principal of an account that has enabled outbound federation proves itself to
 * others. Issues nothing of AWS's, and so answers where the Region is switched off. Source: the service model.
 */

import { randomUUID } from 'node:crypto';
import { contextValues } from '../../identity/policy/context.ts';
import type { Caller } from '../caller.ts';
import { type StsError, UNKNOWN_OPERATION, validationError } from '../errors.ts';
import { OUTBOUND_DISABLED } from '../federation/federation-errors.ts';
import { type OutboundAlgorithm, outboundIssuer, signOutboundToken } from '../federation/outbound-token.ts';
import { isRefusal } from '../federation/web-identity-token.ts';
import {
  checkChoice,
  checkList,
  checkNumber,
  checkText,
  type ListRule,
  type NumberRule,
  readInteger,
  type TextRule,
  validationOf,
} from '../validation.ts';
import type { Action, Call, Result } from './action.ts';
import { accountOf, refuseByPolicy, refuseKind } from './may-call.ts';
import { readLists, textsOf } from './parameter-lists.ts';
import { type RequestedTags, readTags, refuseTags, tagContext } from './session-tags.ts';

export const getWebIdentityToken: Action = {
  name: 'GetWebIdentityToken',
  run: (call) => {
    if (call.global) return UNKNOWN_OPERATION;
    const order = readOrder(call);
    return 'code' in order ? order : sign(order, call);
  },
};

interface TokenOrder {
  readonly audiences: readonly string[];
  readonly algorithm: OutboundAlgorithm;
  readonly durationSeconds: number;
  readonly tags: RequestedTags;
}

function readOrder({ parameters }: Call): TokenOrder | StsError {
  const durationSeconds = readInteger(parameters.get('DurationSeconds'));
  if (typeof durationSeconds === 'object') return durationSeconds;
  const lists = readLists(parameters);
  const audiences = textsOf(lists, 'Audience');
  const algorithm = parameters.get('SigningAlgorithm');
  const subjectMode = parameters.get('SubjectMode');
  const clauses: string[] = [];
  checkList(audiences?.length, AUDIENCES, () => (audiences ?? []).join(', '), clauses);
  audiences?.forEach((audience, index) => {
    checkText(audience, AUDIENCE, clauses, `audience.${index + 1}.member`);
  });
  checkNumber(durationSeconds, DURATION, clauses);
  checkText(algorithm, SIGNING_ALGORITHM, clauses);
  // GUESS: the model has no more than the length, the API reference says which there are.
  if (algorithm?.length === SIGNING_ALGORITHM.maximum) checkChoice(algorithm, ALGORITHMS, clauses);
  checkChoice(subjectMode, SUBJECT_MODE, clauses);
  const tags = readTags(lists, clauses);
  const invalid = validationOf(clauses);
  if (invalid !== undefined) return invalid;
  if (audiences === undefined || algorithm === undefined) throw new Error('required members were checked');
  // No session here carries the context of an identity elsewhere, which is what the other subject is read from.
  if (subjectMode === 'OriginIdentity') return NO_ORIGIN;
  if (parameters.has('Scope')) return SCOPE_WITHOUT_ORIGIN;
  return {
    audiences,
    algorithm: algorithm as OutboundAlgorithm,
    durationSeconds: durationSeconds ?? DEFAULT_SECONDS,
    tags: { tags: tags.tags, transitiveKeys: [] },
  };
}

function sign({ audiences, algorithm, durationSeconds, tags }: TokenOrder, call: Call): Result {
  const { caller, nowSeconds, region, federation } = call;
  const { session, principal } = caller;
  const account = accountOf(call);
  const refused =
    refuseKind(call, 'GetWebIdentityToken', '*') ??
    refuseTags(tags) ??
    refuseByPolicy(call, 'GetWebIdentityToken', '*', {
      extra: () =>
        contextValues([
          ['sts:IdentityTokenAudience', audiences],
          ['sts:DurationSeconds', String(durationSeconds)],
          ['sts:SigningAlgorithm', algorithm],
          ['sts:SubjectMode', 'AWSIdentity'],
          ...tagContext(tags),
        ]),
    });
  if (refused !== undefined) return refused;
  const { outboundIssuer: issuerId } = account.settings;
  if (issuerId === undefined) return OUTBOUND_DISABLED;
  const { organization } = account;
  const signed = signOutboundToken(
    {
      issuer: outboundIssuer(issuerId),
      principalArn: principal.roleArn ?? principal.arn,
      account: account.id,
      region,
      audiences,
      algorithm,
      issuedSeconds: nowSeconds,
      durationSeconds,
      tokenId: randomUUID(),
      principalTags: tagsOf(caller),
      requestTags: new Map(tags.tags),
      ...(session === undefined ? undefined : { sessionExpiresSeconds: session.expiresSeconds }),
      ...(organization === undefined
        ? undefined
        : { organizationId: organization.id, organizationPath: organization.path }),
      ...(session?.sourceIdentity === undefined ? undefined : { sourceIdentity: session.sourceIdentity }),
      ...(session?.federation === undefined ? undefined : { federatedProvider: session.federation.provider }),
    },
    federation.outboundKeysOf(account.id),
  );
  if (isRefusal(signed)) return signed;
  return [
    ['WebIdentityToken', signed.token],
    ['Expiration', { epochSeconds: signed.expiresSeconds }],
  ];
}

/** DOCS: those of the session where it has any. */
function tagsOf({ session, holder }: Caller): ReadonlyMap<string, string> {
  return session?.tags === undefined ? (holder?.tags ?? new Map()) : new Map(session.tags);
}

const DEFAULT_SECONDS = 300;
const DURATION: NumberRule = { member: 'durationSeconds', minimum: 60, maximum: 3_600 };
const AUDIENCES: ListRule = { member: 'audience', required: true, minimum: 1, maximum: 10 };
const AUDIENCE: TextRule = { member: 'audience', minimum: 1, maximum: 1_000 };
const SIGNING_ALGORITHM: TextRule = { member: 'signingAlgorithm', required: true, minimum: 5, maximum: 5 };
const ALGORITHMS = { member: 'signingAlgorithm', choices: ['RS256', 'ES384'] };
const SUBJECT_MODE = { member: 'subjectMode', choices: ['AWSIdentity', 'OriginIdentity'] };

/** MODEL for both rules and for the code; GUESS for the words. */
const NO_ORIGIN = validationError(
  'SubjectMode OriginIdentity requires a calling session whose context has an origin identity.',
);
const SCOPE_WITHOUT_ORIGIN = validationError('Scope requires SubjectMode OriginIdentity.');
