/**
 * Addresses and CIDR ranges of IPv4 and IPv6 for the IpAddress operators. An IPv4 address that comes in IPv6
 * clothes (`::ffff:127.0.0.1`, as sockets report it) is the IPv4 address.
 */

/** Four bytes or eight groups of 16 bits. */
export interface IpAddress {
  readonly parts: readonly number[];
  readonly bitsPerPart: 8 | 16;
}

export interface IpRange {
  readonly address: IpAddress;
  readonly prefixBits: number;
}

/** `203.0.113.0/24`, `2001:db8::/32`, or an address alone, which is a range of one. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIpAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const width = address.parts.length * address.bitsPerPart;
  if (slash === -1) return { address, prefixBits: width };
  const digits = text.slice(slash + 1);
  const mapped = address.bitsPerPart === 8 && text.includes(':');
  const prefixBits = Number(digits) - (mapped ? 96 : 0);
  return /^\d{1,3}$/.test(digits) && prefixBits >= 0 && prefixBits <= width
    ? { address, prefixBits }
    : undefined;
}

export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > LONGEST) return undefined;
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

export function rangeHolds({ address, prefixBits }: IpRange, other: IpAddress): boolean {
  const { bitsPerPart, parts } = address;
  if (bitsPerPart !== other.bitsPerPart) return false;
  let left = prefixBits;
  for (let index = 0; index < parts.length && left > 0; index += 1) {
    const ignored = Math.max(0, bitsPerPart - left);
    if ((parts[index] ?? 0) >> ignored !== (other.parts[index] ?? 0) >> ignored) return false;
    left -= bitsPerPart;
  }
  return true;
}

/** Of the longest IPv6 address with an IPv4 tail. */
const LONGEST = 45;

function parseV4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  // Leading zeros are refused: some read them as octal.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? { parts: bytes, bitsPerPart: 8 } : undefined;
}

function parseV6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front = '', back] = halves;
  const head = groupsOf(front, back === undefined);
  const tail = back === undefined ? [] : groupsOf(back, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (back === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
    ? { parts: bytesOf(groups.slice(6)), bitsPerPart: 8 }
    : { parts: groups, bitsPerPart: 16 };
}

/** Groups between colons; at the very end an IPv4 address may stand for two of them. */
function groupsOf(text: string, atEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const pieces = text.split(':');
  for (const [index, piece] of pieces.entries()) {
    if (atEnd && index === pieces.length - 1 && piece.includes('.')) {
      const [a = 0, b = 0, c = 0, d = 0] = parseV4(piece)?.parts ?? [-1];
      if (a === -1) return undefined;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[\da-fA-F]{1,4}$/.test(piece)) {
      groups.push(Number.parseInt(piece, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function bytesOf(groups: readonly number[]): readonly number[] {
  return groups.flatMap((group) => [group >> 8, group & 255]);
}
