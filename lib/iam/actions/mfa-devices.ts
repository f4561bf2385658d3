/** Virtual MFA devices. The seed is shown once, when the device is made; there is no picture of it to scan. */

import type { Members } from '../../aws/query-answer.ts';
import { totp } from '../../identity/mfa.ts';
import { type Account, type MfaDevice, type User, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, EVERYTHING, type IamAction, type IamCall } from '../action.ts';
import { alreadyExists, deleteConflict, noSuchEntity, quotaExceeded, refusal } from '../errors.ts';
import { optionalText, text } from '../fields.ts';
import { the, USERS } from '../holders.ts';
import { newMfaSeed } from '../ids.ts';
import { ownUserName, ownUserTarget } from '../own-user.ts';
import { pageOf } from '../page.ts';
import { QUOTAS } from '../quotas.ts';
import { optionalUserName, PAGING, path, serialNumber, userName } from '../rules.ts';
import { date, listOf, userAlone } from '../shapes.ts';

const code = text({ minimum: 6, maximum: 6, pattern: /^\d+$/, printed: '[\\d]+' });

const createDevice = action({
  name: 'CreateVirtualMFADevice',
  fields: {
    Path: path,
    VirtualMFADeviceName: text({
      minimum: 1,
      maximum: 226,
      pattern: /^[\w+=,.@-]+$/,
      printed: '[\\w+=,.@-]+',
    }),
  },
  target: ({ Path = '/', VirtualMFADeviceName }, { account }) => ({
    arn: arnIn(account, `mfa${Path}${VirtualMFADeviceName}`),
  }),
  run: ({ Path = '/', VirtualMFADeviceName }, call) => {
    const serial = arnIn(call.account, `mfa${Path}${VirtualMFADeviceName}`);
    const device: MfaDevice = { serial, seed: newMfaSeed(call.random) };
    change(call, (account) => {
      if (account.mfaDevices.has(serial)) throw alreadyExists('MFA device already exists.');
      return put(account, device);
    });
    const made: Members = [
      ['SerialNumber', serial],
      // A blob of text, which the protocol carries in base64.
      ['Base32StringSeed', Buffer.from(device.seed).toString('base64')],
    ];
    return [['VirtualMFADevice', made]];
  },
});

const deleteDevice = action({
  name: 'DeleteVirtualMFADevice',
  fields: { SerialNumber: serialNumber },
  target: ({ SerialNumber }) => ({ arn: SerialNumber }),
  run: ({ SerialNumber }, call) => {
    change(call, (account) => {
      const device = theDevice(account, SerialNumber);
      // COMMON.
      if (device.principalId !== undefined)
        throw deleteConflict('Cannot delete entity, must deactivate MFA device first.');
      return { ...account, mfaDevices: withoutEntry(account.mfaDevices, SerialNumber) };
    });
    return undefined;
  },
});

/** Two codes that follow each other, so that the device is known to be in step. The second is used up. */
const enableDevice = action({
  name: 'EnableMFADevice',
  fields: {
    UserName: userName,
    SerialNumber: serialNumber,
    AuthenticationCode1: code,
    AuthenticationCode2: code,
  },
  target: ({ UserName }, call) => ownUserTarget(call, UserName),
  run: ({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }, call) => {
    change(call, (account) => {
      const user = the(USERS, account, UserName);
      const device = theDevice(account, SerialNumber);
      if (device.principalId !== undefined) throw alreadyExists('MFA Device is already in use.');
      if (devicesOf(account, user).length >= QUOTAS.mfaDevicesPerUser) {
        throw quotaExceeded('MFADevicesPerUser', QUOTAS.mfaDevicesPerUser);
      }
      acceptCodes(call, device, AuthenticationCode1, AuthenticationCode2);
      return put(account, { ...device, principalId: user.userId, enabledMs: call.nowMs });
    });
    return undefined;
  },
});

const resyncDevice = action({
  name: 'ResyncMFADevice',
  fields: {
    UserName: userName,
    SerialNumber: serialNumber,
    AuthenticationCode1: code,
    AuthenticationCode2: code,
  },
  target: ({ UserName }, call) => ownUserTarget(call, UserName),
  run: ({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }, call) => {
    const device = assigned(call.account, the(USERS, call.account, UserName), SerialNumber);
    acceptCodes(call, device, AuthenticationCode1, AuthenticationCode2);
    return undefined;
  },
});

const deactivateDevice = action({
  name: 'DeactivateMFADevice',
  fields: { UserName: optionalUserName, SerialNumber: serialNumber },
  target: ({ UserName }, call) => ownUserTarget(call, UserName),
  run: ({ UserName, SerialNumber }, call) => {
    change(call, (account) => {
      const { serial, seed } = assigned(
        account,
        the(USERS, account, ownUserName(call, UserName)),
        SerialNumber,
      );
      return put(account, { serial, seed });
    });
    return undefined;
  },
});

const listDevices = action({
  name: 'ListMFADevices',
  fields: { UserName: optionalUserName, ...PAGING },
  target: ({ UserName }, call) => ownUserTarget(call, UserName),
  run: ({ UserName, ...paging }, call) => {
    const user = the(USERS, call.account, ownUserName(call, UserName));
    const { items, end } = pageOf(devicesOf(call.account, user), ({ serial }) => serial, paging);
    return [
      [
        'MFADevices',
        listOf(items, ({ serial, enabledMs = 0 }) => [
          ['UserName', user.name],
          ['SerialNumber', serial],
          ['EnableDate', date(enabledMs)],
        ]),
      ],
      ...end,
    ];
  },
});

const getDevice = action({
  name: 'GetMFADevice',
  fields: { SerialNumber: serialNumber, UserName: optionalUserName },
  target: ({ UserName }, call) => ownUserTarget(call, UserName),
  run: ({ SerialNumber, UserName }, call) => {
    const user = the(USERS, call.account, ownUserName(call, UserName));
    const { serial, enabledMs = 0 } = assigned(call.account, user, SerialNumber);
    return [
      ['UserName', user.name],
      ['SerialNumber', serial],
      ['EnableDate', date(enabledMs)],
    ];
  },
});

const listVirtualDevices = action({
  name: 'ListVirtualMFADevices',
  fields: { AssignmentStatus: optionalText({ values: ['Assigned', 'Unassigned', 'Any'] }), ...PAGING },
  target: () => EVERYTHING,
  run: ({ AssignmentStatus = 'Any', ...paging }, { account }) => {
    const wanted = [...account.mfaDevices.values()].filter(
      ({ principalId }) =>
        AssignmentStatus === 'Any' || (principalId !== undefined) === (AssignmentStatus === 'Assigned'),
    );
    const { items, end } = pageOf(wanted, ({ serial }) => serial, paging);
    return [['VirtualMFADevices', listOf(items, (device) => virtualDevice(device, account))], ...end];
  },
});

export const MFA_DEVICE_ACTIONS: readonly IamAction[] = [
  createDevice,
  deleteDevice,
  enableDevice,
  resyncDevice,
  deactivateDevice,
  listDevices,
  getDevice,
  listVirtualDevices,
];

const STEP_MS = 30_000;

/** COMMON for the words. @throws {Refusal} InvalidAuthenticationCode; nothing is used up then. */
function acceptCodes({ identity, nowMs }: IamCall, device: MfaDevice, first: string, second: string): void {
  const follows = [-2, -1, 0].some((steps) => {
    const atMs = nowMs + steps * STEP_MS;
    return totp(device.seed, atMs) === first && totp(device.seed, atMs + STEP_MS) === second;
  });
  if (!follows || !identity.mfa.accept(device, second, nowMs)) {
    throw refusal(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.');
  }
}

/** RECORDED. @throws {Refusal} NoSuchEntity. */
function theDevice({ mfaDevices }: Account, serial: string): MfaDevice {
  const device = mfaDevices.get(serial);
  if (device === undefined) throw noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);
  return device;
}

/** A device of somebody else is not there, either. GUESSED. */
function assigned(account: Account, { userId }: User, serial: string): MfaDevice {
  const device = theDevice(account, serial);
  if (device.principalId !== userId)
    throw noSuchEntity(`MFA Device with serial number ${serial} does not exist.`);
  return device;
}

function devicesOf({ mfaDevices }: Account, { userId }: User): readonly MfaDevice[] {
  return [...mfaDevices.values()].filter(({ principalId }) => principalId === userId);
}

function put(account: Account, device: MfaDevice): Account {
  return { ...account, mfaDevices: withEntry(account.mfaDevices, device.serial, device) };
}

function virtualDevice({ serial, principalId, enabledMs }: MfaDevice, { users }: Account): Members {
  const user = [...users.values()].find(({ userId }) => userId === principalId);
  return [
    ['SerialNumber', serial],
    ['User', user && userAlone(user)],
    ['EnableDate', enabledMs === undefined ? undefined : date(enabledMs)],
  ];
}
