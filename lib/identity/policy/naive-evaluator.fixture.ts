/**
 * A second evaluator, written from the IAM User Guide page by page and without a line of the first: it compiles
 * nothing, tries every pattern by recursion and never stops early. Slow and plain, to be compared with.
 */

import { compare, DISGUISED_MARK, DISGUISED_STAR, likeArn, wild } from './naive-values.fixture.ts';

export interface NaivePolicies {
  readonly identity: readonly NaiveDocument[];
  readonly boundary: readonly NaiveDocument[];
  readonly session: readonly NaiveDocument[];
  readonly scopes: readonly NaiveDocument[];
  readonly levels: readonly (readonly NaiveDocument[])[];
  readonly trust: readonly NaiveDocument[];
}

/** The document as it would be sent; lists only, never a single value instead of one. */
export interface NaiveDocument {
  readonly Version: string;
  readonly Statement: readonly NaiveStatement[];
}

export interface NaiveStatement {
  readonly Effect: string;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Principal?: NaivePrincipals;
  readonly NotPrincipal?: NaivePrincipals;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export type NaivePrincipals = '*' | Readonly<Record<string, readonly string[]>>;

/** Every name that a caller answers to. */
export interface NaiveCaller {
  readonly sort: 'user' | 'session' | 'federated' | 'root' | 'provider' | 'service';
  readonly partition: string;
  readonly account: string;
  readonly self: string;
  /** ARN of the role of a session, of the user of a federated user. */
  readonly behind: string;
  /** Unique id of the user or role. */
  readonly id: string;
}

export interface NaiveRequest {
  readonly caller: NaiveCaller;
  readonly action: string;
  readonly resource: string;
  readonly resourcePartition: string;
  readonly resourceAccount: string;
  readonly keys: readonly (readonly [key: string, values: readonly string[]])[];
  /** ARN → id at the time when the trust policy was saved. */
  readonly saved: Readonly<Record<string, string>>;
}

export interface NaiveAnswer {
  readonly verdict: 'allowed' | 'denied' | 'not allowed';
  /** `identity/0/1`: which statement of which policy applied. */
  readonly applied: readonly string[];
}

/** How often each rule said yes and no: a rule that always says the same has not been tested. */
export type Tally = Map<string, { yes: number; no: number }>;

export function naiveAnswer(policies: NaivePolicies, request: NaiveRequest, tally: Tally): NaiveAnswer {
  const ask = new Question(request, tally);
  const sections = {
    identity: policies.identity,
    boundary: policies.boundary,
    session: policies.session,
    scopes: policies.scopes,
    levels: policies.levels.flat(),
    trust: policies.trust,
  };
  const applied = Object.entries(sections).flatMap(([section, documents]) =>
    documents.flatMap((document, index) =>
      document.Statement.flatMap((statement, position) =>
        ask.applies(statement, document) ? [{ name: `${section}/${index}/${position}`, statement }] : [],
      ),
    ),
  );
  const allows = (document: NaiveDocument): boolean =>
    document.Statement.some((each) => each.Effect === 'Allow' && ask.applies(each, document));
  const { caller } = request;
  const samePartition = request.resourcePartition === caller.partition;
  const bounded = policies.boundary.length > 0;
  const explicit =
    applied.some(({ statement }) => statement.Effect === 'Deny') ||
    (bounded &&
      policies.trust.some((document) =>
        document.Statement.some(
          (each) => each.Effect === 'Deny' && each.NotPrincipal !== undefined && ask.fits(each, document),
        ),
      ));
  const grants = policies.trust.flatMap((document) =>
    document.Statement.filter((each) => each.Effect === 'Allow' && ask.applies(each, document)),
  );
  const named = grants.some(({ Principal }) => Principal !== undefined && ask.namesItself(Principal));
  const entity = grants.some(({ Principal }) => Principal !== undefined && ask.namesEntity(Principal));
  const home = request.resourceAccount === caller.account;
  const organization = policies.levels.every((level) => level.some(allows));
  const scoped = policies.scopes.every(allows);
  const own = caller.sort === 'root' || policies.identity.some(allows);
  const limits =
    policies.boundary.every(allows) &&
    (policies.session.length > 0 ? policies.session.some(allows) : caller.sort !== 'federated');
  const isStranger = caller.sort === 'provider' || caller.sort === 'service';
  let granted: boolean;
  if (isStranger) granted = named;
  else if (policies.trust.length === 0) granted = own && limits;
  else if (grants.length === 0) granted = false;
  else if (!home) granted = own && limits;
  else granted = named || (entity && limits) || (own && limits);
  const verdict = !samePartition
    ? 'not allowed'
    : explicit
      ? 'denied'
      : granted && organization && scoped
        ? 'allowed'
        : 'not allowed';
  return { verdict, applied: samePartition ? applied.map(({ name }) => name) : [] };
}

class Question {
  readonly request: NaiveRequest;
  readonly tally: Tally;
  /** Statements that were asked about already. */
  readonly known = new Map<NaiveStatement, boolean>();

  /** The context by key in capitals. */
  readonly context: ReadonlyMap<string, readonly string[]>;

  constructor(request: NaiveRequest, tally: Tally) {
    this.request = request;
    this.context = new Map(request.keys.map(([key, values]) => [key.toUpperCase(), values]));
    this.tally = tally;
  }

  applies(statement: NaiveStatement, document: NaiveDocument): boolean {
    const known = this.known.get(statement);
    const answer = known ?? this.work(statement, document);
    if (known === undefined) this.known.set(statement, answer);
    return answer;
  }

  work(statement: NaiveStatement, document: NaiveDocument): boolean {
    const { Principal, NotPrincipal } = statement;
    const fits = this.fits(statement, document);
    if (Principal !== undefined) {
      const level =
        this.namesItself(Principal) || this.namesEntity(Principal) || this.namesAccount(Principal);
      return this.note('Principal', level) && fits;
    }
    if (NotPrincipal !== undefined) return this.note('NotPrincipal', !this.leavesOut(NotPrincipal)) && fits;
    return fits;
  }

  /** Everything but the principal. */
  fits(statement: NaiveStatement, { Version }: NaiveDocument): boolean {
    const variables = Version === '2012-10-17';
    const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
    const checks = [
      Action === undefined ||
        this.note(
          'Action',
          Action.some((each) => this.isAction(each)),
        ),
      NotAction === undefined || this.note('NotAction', !NotAction.some((each) => this.isAction(each))),
      Resource === undefined ||
        this.note(
          'Resource',
          Resource.some((each) => this.isResource(each, variables) === true),
        ),
      NotResource === undefined ||
        this.note(
          'NotResource',
          NotResource.every((each) => this.isResource(each, variables) === false),
        ),
    ];
    const lines = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => this.line(operator, key, values, variables)),
    );
    return [...checks, ...lines].every(Boolean);
  }

  isAction(pattern: string): boolean {
    return wild(pattern.toLowerCase(), this.request.action.toLowerCase());
  }

  /** `undefined`: a variable stands for nothing. */
  isResource(pattern: string, variables: boolean): boolean | undefined {
    if (pattern === '*') return true;
    const filled = variables ? this.substitute(pattern) : pattern;
    return filled === undefined ? undefined : likeArn(filled, this.request.resource);
  }

  namesItself(principals: NaivePrincipals): boolean {
    const { sort, self } = this.request.caller;
    if (principals === '*' || principals['AWS']?.includes('*') === true) return true;
    if (sort === 'provider') return ['*', self].some((each) => principals['Federated']?.includes(each));
    if (sort === 'service') return ['*', self].some((each) => principals['Service']?.includes(each));
    if (sort === 'user') return this.namesEntity(principals);
    return (sort === 'session' || sort === 'federated') && principals['AWS']?.includes(self) === true;
  }

  namesEntity(principals: NaivePrincipals): boolean {
    const { sort, id } = this.request.caller;
    if (principals === '*' || !['user', 'session', 'federated'].includes(sort)) return false;
    return (principals['AWS'] ?? []).some((arn) => this.request.saved[arn] === id);
  }

  namesAccount(principals: NaivePrincipals): boolean {
    const { sort, account, partition } = this.request.caller;
    if (principals === '*' || sort === 'provider' || sort === 'service') return false;
    return [account, `arn:${partition}:iam::${account}:root`].some((each) =>
      principals['AWS']?.includes(each),
    );
  }

  leavesOut(principals: NaivePrincipals): boolean {
    const { sort, self } = this.request.caller;
    if (principals === '*' || principals['AWS']?.includes('*') === true) return true;
    if (sort === 'provider' || sort === 'service') return this.namesItself(principals);
    if (!this.namesAccount(principals)) return false;
    if (sort === 'root') return true;
    if (sort === 'user') return this.namesEntity(principals);
    if (sort === 'federated') return this.namesItself(principals);
    const role = self.split('/').slice(0, 2).join('/');
    const sessions = (principals['AWS'] ?? []).filter(
      (each) => each.split('/').slice(0, 2).join('/') === role,
    );
    return this.namesEntity(principals) && (sessions.length === 0 || sessions.includes(self));
  }

  line(written: string, key: string, values: readonly string[], variables: boolean): boolean {
    const [, qualifier = '', name = '', ifExists = ''] =
      /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(written) ?? [];
    const found = this.context.get(key.toUpperCase()) ?? [];
    const answer = this.lineAnswer({ qualifier, name, ifExists: ifExists !== '', found, values, variables });
    this.note(`${qualifier}*`, answer);
    if (ifExists !== '') this.note('*IfExists', answer);
    if (found.length === 0) this.note('absent key', answer);
    return this.note(name, answer);
  }

  lineAnswer(line: {
    readonly qualifier: string;
    readonly name: string;
    readonly ifExists: boolean;
    readonly found: readonly string[];
    readonly values: readonly string[];
    readonly variables: boolean;
  }): boolean {
    const { qualifier, name, ifExists, found, values, variables } = line;
    if (name === 'Null')
      return values.some((each) => (each.toLowerCase() === 'true') === (found.length === 0));
    const negated = name.includes('Not');
    if (found.length === 0) {
      if (ifExists) return true;
      if (qualifier === 'ForAllValues:') return true;
      if (qualifier === 'ForAnyValue:') return false;
      return negated;
    }
    const textual = name.startsWith('String') || name.startsWith('Arn');
    const resolved = values.map((each) => (textual && variables ? this.substitute(each) : each));
    if (negated && resolved.includes(undefined)) return this.note('void variable', false);
    const matches = (value: string): boolean =>
      resolved.some((each) => each !== undefined && compare(name.replace('Not', ''), each, value));
    const results = found.map((value) => (negated ? !matches(value) : matches(value)));
    const empty = found.length === 1 && found[0] === '';
    if (qualifier === 'ForAllValues:') return empty || !results.includes(false);
    if (qualifier === 'ForAnyValue:') return !empty && results.includes(true);
    return negated ? !results.includes(false) : results.includes(true);
  }

  /** With the values of variables filled in; a wildcard among those gets a disguise. */
  substitute(text: string): string | undefined {
    if (!text.includes('$')) return text;
    let filled = '';
    let rest = text;
    while (rest !== '') {
      const match = /^\$\{([^}]*)\}/.exec(rest);
      if (match === null) {
        filled += rest[0] ?? '';
        rest = rest.slice(1);
        continue;
      }
      const [whole, inner = ''] = match;
      rest = rest.slice(whole.length);
      const [key = '', standIn] = inner.split(', ');
      const values = this.context.get(key.toUpperCase()) ?? [];
      const value = ['*', '?', '$'].includes(inner)
        ? inner
        : values.length === 1
          ? values[0]
          : standIn?.slice(1, -1);
      if (!this.note('variable', value !== undefined) || value === undefined) return undefined;
      filled += value.replaceAll('*', DISGUISED_STAR).replaceAll('?', DISGUISED_MARK);
    }
    return filled;
  }

  note(rule: string, answer: boolean): boolean {
    const entry = this.tally.get(rule) ?? { yes: 0, no: 0 };
    if (answer) entry.yes += 1;
    else entry.no += 1;
    this.tally.set(rule, entry);
    return answer;
  }
}
