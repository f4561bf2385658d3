/** How the naive evaluator compares one value with one text of a policy. */

export const DISGUISED_STAR = '\ue000';
export const DISGUISED_MARK = '\ue001';

function undisguised(pattern: string): string {
  return pattern.replaceAll(DISGUISED_STAR, '*').replaceAll(DISGUISED_MARK, '?');
}

export function compare(name: string, pattern: string, value: string): boolean {
  const text = undisguised(pattern);
  switch (name) {
    case 'StringEquals':
      return text === value;
    case 'StringEqualsIgnoreCase':
      return text.toUpperCase() === value.toUpperCase();
    case 'StringLike':
      return wild(pattern, value);
    case 'ArnEquals':
    case 'ArnLike':
      return pattern === '*' || likeArn(pattern, value);
    case 'Bool':
      return ['true', 'false'].includes(value.toLowerCase()) && value.toLowerCase() === text.toLowerCase();
    case 'BinaryEquals':
      return atob(value) === atob(text);
    case 'IpAddress':
      return inRange(value, text);
    default:
      return ordered(name, value, text);
  }
}

/** Six sections, each by itself; the sixth keeps its colons. */
export function likeArn(pattern: string, value: string): boolean {
  const six = (text: string): string[] => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  if (pattern.split(':').length < 6 || value.split(':').length < 6) return false;
  const sections = six(pattern);
  return six(value).every((part, index) => wild(sections[index] ?? '', part));
}

export function wild(pattern: string, text: string, at: number = 0, from: number = 0): boolean {
  if (at === pattern.length) return from === text.length;
  const symbol = pattern[at] ?? '';
  if (symbol === '*') {
    return wild(pattern, text, at + 1, from) || (from < text.length && wild(pattern, text, at, from + 1));
  }
  const here = text[from];
  const fits =
    symbol === '?' || symbol === here || (symbol >= DISGUISED_STAR && undisguised(symbol) === here);
  return from < text.length && fits && wild(pattern, text, at + 1, from + 1);
}

function ordered(name: string, value: string, limit: string): boolean {
  const read = name.startsWith('Date') ? readDate : Number;
  const [left, right] = [read(value), read(limit)];
  const difference = left - right;
  switch (name.replace(/^(?:Date|Numeric)/, '')) {
    case 'Equals':
      return difference === 0;
    case 'LessThan':
      return difference < 0;
    case 'LessThanEquals':
      return difference <= 0;
    case 'GreaterThan':
      return difference > 0;
    case 'GreaterThanEquals':
      return difference >= 0;
    default:
      throw new Error(`the documentation has no operator ${name}`);
  }
}

function readDate(text: string): number {
  return /^\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inRange(address: string, range: string): boolean {
  const [base = '', bits] = range.split('/');
  const [left, right] = [readIp(address), readIp(base)];
  if (left.width !== right.width) return false;
  const shift = BigInt(left.width - Number(bits ?? left.width));
  return left.value >> shift === right.value >> shift;
}

function readIp(text: string): { readonly value: bigint; readonly width: number } {
  if (!text.includes(':')) {
    return { value: text.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n), width: 32 };
  }
  const [front = '', back] = text.split('::');
  const groups = (half: string | undefined): string[] =>
    half === undefined || half === '' ? [] : half.split(':');
  const [head, tail] = [groups(front), groups(back)];
  const all = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return { value: all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n), width: 128 };
}
