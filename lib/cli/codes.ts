/**
 * What the codes mean that people meet: our own errors, the answers of STS, and what stands in samples where no
 * answer arrived. A test holds the first part against the codes that the sources use.
 */

export interface Code {
  readonly code: string;
  readonly origin: 'regionfall' | 'sts' | 'sample';
  /** One sentence. */
  readonly means: string;
  /** What to do, or what it tells about the callers. */
  readonly next: string;
}

const regionfall = (code: `RF-${string}`, means: string, next: string): Code => ({
  code,
  origin: 'regionfall',
  means,
  next,
});
const sts = (code: string, means: string, next: string): Code => ({ code, origin: 'sts', means, next });
const sample = (code: string, means: string, next: string): Code => ({ code, origin: 'sample', means, next });

export const CODES: readonly Code[] = [
  regionfall(
    'RF-ACCOUNT-UNKNOWN',
    'The world has no account of that number.',
    'The message names those that it has.',
  ),
  regionfall(
    'RF-CODE-UNKNOWN',
    'No error code goes by that name.',
    '`regionfall explain` lists all of them.',
  ),
  regionfall(
    'RF-CONTROL-PLANE-DOWN',
    'The control plane of the partition is down, so that nothing of its accounts can be changed.',
    'Regions go on issuing with what they know; change it before, or once the control plane is back.',
  ),
  regionfall(
    'RF-ENGINE-CANNOT',
    'The chosen engine cannot do something that the scenario asks of it.',
    'The message names it; the hint names an engine that can.',
  ),
  regionfall(
    'RF-FAULT-INVALID',
    'A test ordered a fault that cannot be in its world.',
    'The message has every reason; docs/testing.md how faults are written, docs/faults.md what each kind takes.',
  ),
  regionfall(
    'RF-FAULT-NOT-HEALED',
    'A test lifted a fault, and real requests still saw an unhealthy path.',
    'Something else may hold the path. `world.events()` has what the requests saw.',
  ),
  regionfall(
    'RF-FAULT-TOOTHLESS',
    'A test ordered a fault, and real requests saw nothing of it.',
    'A test that went on would prove nothing. `world.events()` has what the requests saw.',
  ),
  regionfall(
    'RF-FILE-EXISTS',
    'A file that was to be written exists already.',
    'Take it away or choose another name: nothing is overwritten.',
  ),
  regionfall(
    'RF-FOLDER-UNUSABLE',
    'A folder that was named is none, or holds something that cannot be worked with.',
    'The message says what; name the root of a repository.',
  ),
  regionfall(
    'RF-GLOBAL-UNSERVED',
    'No Region of the world serves sts.amazonaws.com for callers in that location.',
    'Add us-east-1 to the Regions, or leave the global endpoint out of the scenario.',
  ),
  regionfall(
    'RF-HALTED',
    'Somebody has stopped everything with `regionfall halt`, or the file that says so cannot be read.',
    'The message says who, when and why; `regionfall resume` lifts it.',
  ),
  regionfall(
    'RF-HOST-UNKNOWN',
    'A host name was named that no Region of the world answers to.',
    'Add its Region to the Regions of the scenario; `regionfall list regions` has all of them.',
  ),
  regionfall(
    'RF-LOCATION-UNKNOWN',
    'The world has no caller location of that name.',
    'Open it with --locations, or leave --location out to stand in the first one.',
  ),
  regionfall(
    'RF-NETWORK-CANNOT',
    'The chosen network has no way to carry out a fault of the scenario.',
    'The message says why; docs/network-abilities.md has all of what each can do.',
  ),
  regionfall(
    'RF-NO-AWS-SDK',
    'A group of callers uses the AWS SDK for JavaScript, which is not installed beside Regionfall.',
    'npm install @aws-sdk/client-sts',
  ),
  regionfall(
    'RF-NO-NAMESPACE',
    'No network namespace could be made for `exec --isolated`.',
    'Run as root or allow user namespaces; without --isolated the program goes by a proxy.',
  ),
  regionfall(
    'RF-NO-PROCESS',
    'One of the processes of a run could not be started.',
    'Close programs, or raise the limits that `ulimit -n` and `ulimit -u` show.',
  ),
  regionfall(
    'RF-NO-PROGRAM',
    'The program after `exec --` could not be started.',
    'Check its name with `command -v NAME`.',
  ),
  regionfall(
    'RF-NO-RUN',
    'The path is not the folder of a run.',
    'Name a folder inside `runs/`, or its name alone.',
  ),
  regionfall(
    'RF-NOT-WRITABLE',
    'What was to be written could not be: the disk is full, or the folder is not ours.',
    'Make room, or name another folder (for a run, with --out). A run that was under way has ended and healed.',
  ),
  regionfall(
    'RF-OPTION-VALUE',
    'An option was given a value that it does not know.',
    'The message says which ones it knows.',
  ),
  regionfall(
    'RF-PART-UNREADABLE',
    'A file that `merge` was given is no part of an exported load, or cannot be read.',
    'A part is what k6 wrote by --out json=FILE, running the script of `regionfall k6 export`.',
  ),
  regionfall(
    'RF-PARTS-APART',
    'Parts of a load do not belong together: another plan, another start, a clock that is off, or a part twice.',
    'The message names the part and what is wrong with it.',
  ),
  regionfall(
    'RF-POLICY',
    'A policy of the world is one that IAM would refuse.',
    'The message has the words of IAM and names the policy.',
  ),
  regionfall(
    'RF-PORT-TAKEN',
    'A port that the world needs on 127.0.0.1 belongs to another program, or none is free.',
    'Close that program (`ss -ltnp` names it), or run again: ports are chosen anew from the seed.',
  ),
  regionfall(
    'RF-PRINCIPAL-UNKNOWN',
    'The account has no user of that name.',
    'Every account of a world has `admin`, who may do everything in IAM, and `app`, who may assume the role `app`.',
  ),
  regionfall(
    'RF-REAL-KEY',
    'An access key without the mark of the emulator was given to it; it could belong to a real account.',
    'Use the keys that `regionfall up --json` prints. Nothing was sent anywhere.',
  ),
  regionfall(
    'RF-REGION-NOT-YET',
    'The Region had not opened in the era that the world is of.',
    'Leave the Region out, or take the era that the message names.',
  ),
  regionfall(
    'RF-REGION-SWITCH',
    'The Region has no such switch for the account.',
    'The message names those that have one.',
  ),
  regionfall(
    'RF-REGION-UNKNOWN',
    'No AWS Region goes by that name.',
    '`regionfall list regions` has all of them.',
  ),
  regionfall(
    'RF-RUN-DAMAGED',
    'A file of the run folder is not what a run writes.',
    'Samples and events may still be readable by themselves.',
  ),
  regionfall(
    'RF-SCENARIO-INVALID',
    'A scenario says something that cannot be.',
    'Every problem is listed with its place and the nearest valid value.',
  ),
  regionfall(
    'RF-SCENARIO-NOT-FOUND',
    'No scenario goes by that name or path.',
    '`regionfall list` has those that come with Regionfall.',
  ),
  regionfall(
    'RF-SCENARIO-UNREADABLE',
    'The file is no scenario: it cannot be read, or exports nothing.',
    'End it in .scenario.ts, .scenario.js or .scenario.json, and export the scenario as default.',
  ),
  regionfall(
    'RF-SCRIPT-UNUSABLE',
    'A k6 script is not there, or cannot be made into one file that k6 takes.',
    'The message names the file and the line; k6 has neither Node nor a browser around it.',
  ),
  regionfall(
    'RF-SERVICE-FAULT',
    'A fault was ordered that the service cannot hold: what it names is not in this world, or its status, share, delay or lease cannot be.',
    'The message names the value.',
  ),
  regionfall(
    'RF-TOOL-MISSING',
    'An outside part that was asked for is missing or does not suit.',
    'The message has the line that gets it; `regionfall doctor` checks all of them.',
  ),
  regionfall(
    'RF-TOXIPROXY-DIRTY',
    'The Toxiproxy that answered is not the fresh one of this run.',
    'End the other one, or run with --network embedded.',
  ),
  regionfall(
    'RF-TOXIPROXY-START',
    'Toxiproxy did not start.',
    '`regionfall doctor` says what was found; --network embedded needs none.',
  ),
  regionfall(
    'RF-SERVICE-SOCKET',
    'The service was to run in another container, and cannot be had from there.',
    '`regionfall serve` has to run on the socket that REGIONFALL_SERVICE_SOCKET names, with both containers sharing one process namespace; without the variable Regionfall starts a service of its own.',
  ),
  regionfall(
    'RF-CONTAINERS',
    'The containers of a run did not start, or could not be removed.',
    'The message has Docker’s own words. `regionfall doctor` says whether its engine answers; docs/containers.md which images there have to be.',
  ),
  regionfall(
    'RF-WORLD-CANNOT',
    'The scenario needs something of this machine that its containers would not find.',
    'Run it from a folder that holds all its files, or with `--world local`.',
  ),
  regionfall(
    'RF-TOXIPROXY-URL',
    'The Toxiproxy that REGIONFALL_TOXIPROXY_URL names is none that can be used.',
    'The message says why; without the variable Regionfall starts one of its own.',
  ),
  regionfall(
    'RF-UNREACHABLE-UNAVAILABLE',
    'Connects were to be left unanswered, and this machine always answers them.',
    'Only Linux drops connects for a full queue. Take the kind silence or refused instead.',
  ),
  regionfall(
    'RF-WORLD-ENDED',
    'A process of the world ended while the world was in use.',
    'Run again; if it repeats, report it with what the message quotes.',
  ),
  regionfall(
    'RF-WORLD-NOT-OPEN',
    'A process of the world could not do what it was asked to at the start.',
    'The message quotes it; `regionfall doctor` checks the machine.',
  ),

  sts(
    'AccessDenied',
    'The caller is known and may not do this.',
    'The role may be missing, or its trust policy may not name the caller; STS says the same for both.',
  ),
  sts(
    'RegionDisabledException',
    'STS is switched off in this Region for the account that would issue the credentials.',
    'An administrator switches it on in the IAM console. GetCallerIdentity goes on answering, so it is no health check for AssumeRole.',
  ),
  sts(
    'ExpiredToken',
    'The session token was genuine and is over.',
    'Callers that refresh late meet this first when STS is slow.',
  ),
  sts(
    'InvalidClientTokenId',
    'The key or token is unknown here: deleted, tampered with, or of another AWS partition.',
    'Across partitions this is the wall that should hold.',
  ),
  sts(
    'SignatureDoesNotMatch',
    'The signature, its scope or its date is not right.',
    '"Credential should be scoped to a valid region" means: signed for another Region than the endpoint belongs to.',
  ),
  sts(
    'MissingAuthenticationToken',
    'The request carries no signature.',
    'Something called STS without an SDK.',
  ),
  sts(
    'IncompleteSignature',
    'The Authorization header lacks a part.',
    'Compare with what `aws --debug` prints.',
  ),
  sts(
    'InvalidAction',
    'No such action in this version of the API.',
    'Check name and version; an earlier era knows fewer actions, and the global endpoint serves some not at all.',
  ),
  sts('ValidationError', 'A parameter breaks a constraint.', 'The message quotes each one, as STS does.'),
  sts('MalformedInput', 'A number is none.', 'Check DurationSeconds.'),
  sts(
    'Throttling',
    'Too many requests for the account in this Region: by a fault, or by the quota that the scenario declares.',
    'Spread refreshes, cache credentials, use more Regions.',
  ),
  sts(
    'ServiceUnavailable',
    'STS says that it is temporarily unable: by a fault, or because the queue that the scenario declares is full. IAM says it while the control plane is down.',
    'SDKs retry this; a failover policy should count it.',
  ),
  sts('InternalFailure', 'STS says that it failed.', 'SDKs retry this; a failover policy should count it.'),
  sts(
    'InvalidIdentityToken',
    'The web identity token could not be verified.',
    'On 13 June 2023 us-east-1 said so for hours of tokens that were fine.',
  ),
  sts(
    'ExpiredTokenException',
    'The token or assertion that was handed in is over; a session of STS itself says ExpiredToken.',
    'Fetch a fresh one from the identity provider, and compare the clocks.',
  ),
  sts(
    'IDPCommunicationError',
    'The keys of the token’s issuer did not come in time.',
    'SDKs retry this. The emulator asks only the loopback address that the provider names.',
  ),
  sts(
    'IDPRejectedClaim',
    'The identity provider says no.',
    'The message quotes it; the assertion itself was genuine.',
  ),
  sts(
    'MalformedPolicyDocument',
    'A policy is not one: the message is that of IAM.',
    'Session policies allow less than identity policies: no Principal, 2,048 characters.',
  ),
  sts(
    'PackedPolicyTooLarge',
    'Session policy and tags do not fit into the token.',
    'The message says by how much; use fewer or shorter tags, or a managed policy.',
  ),
  sts('InvalidParameterValue', 'A parameter contradicts another.', 'The message says which.'),
  sts(
    'InvalidAuthorizationMessageException',
    'The encoded message is not one of this account.',
    'Decode it in the partition, and as the account, that was denied.',
  ),
  sts(
    'OutboundWebIdentityFederationDisabledException',
    'The account has not enabled its own token issuer.',
    'aws iam enable-outbound-web-identity-federation, as an administrator.',
  ),
  sts(
    'SessionDurationEscalationException',
    'The token would outlive the session that asks for it.',
    'Ask for a shorter one.',
  ),
  sts('JWTPayloadSizeExceededException', 'The claims make the token too long.', 'Fewer tags or audiences.'),
  sts(
    'InsufficientSessionLifetime',
    'The session that asks ends sooner than what it asks for.',
    'Ask for a shorter duration.',
  ),
  sts('InvalidSubjectCredentials', 'Only temporary credentials can be scoped.', 'Assume a role first.'),
  sts(
    'InvalidContextAssertion',
    'A context was provided that nobody trusted has signed.',
    'The emulator knows no issuer of contexts.',
  ),
  sts(
    'ExpiredTradeInTokenException',
    'The token to be traded in is over.',
    'Delegated access is for enrolled partners; the emulator has none.',
  ),

  sample(
    'ECONNREFUSED',
    'The connection was refused: the request surely never reached the service.',
    'Counted as failed. The kindest outage: callers notice within a round trip.',
  ),
  sample(
    'ECONNRESET',
    'The connection was lost.',
    'Failed when nothing had been sent yet, otherwise indeterminate: the service may have acted.',
  ),
  sample(
    'ETIMEDOUT',
    "The attempt's own time limit passed without an answer.",
    'Indeterminate. Callers without a limit never get this far.',
  ),
  sample(
    'ENOTFOUND',
    'The host name led nowhere: there is no such name, or it has no address.',
    'Counted as failed. Callers with open connections go on; whoever opens one for each call has nothing.',
  ),
  sample(
    'EAI_AGAIN',
    'No name server answered.',
    'Counted as failed. Resolvers wait for seconds before they say so, and few clients limit that time.',
  ),
  sample(
    'CERT_HAS_EXPIRED',
    'The endpoint showed a certificate whose time is over, or the caller’s clock is ahead.',
    'Counted as failed: nothing was sent. Compare the clocks first.',
  ),
  sample(
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'The endpoint showed a certificate of another name.',
    'Counted as failed: nothing was sent. Something that is not the endpoint answers under its address.',
  ),
  sample(
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'The endpoint showed a certificate of an authority that the caller does not know.',
    'Counted as failed: nothing was sent. A proxy in between, or a trust store that lacks the authority.',
  ),
  sample(
    'UNANSWERED',
    'The run ended before an answer came.',
    'Indeterminate. Many of them: the callers wait for ever.',
  ),
  sample(
    'TOO_MANY_IN_FLIGHT',
    'The generator had as many requests under way as it may, so this arrival was dropped.',
    'Usual while callers without a time limit wait for a silent endpoint.',
  ),
  sample(
    'GENERATOR_LATE',
    'The generator was too late for this arrival, so it was dropped.',
    'The machine is too busy for this rate; the run is inconclusive when there are many.',
  ),
  sample('LOAD_ENDED', 'The load was stopped before this arrival was due.', 'Seen in aborted runs.'),
];
