/** Reads single fields of anything: what is not of the expected sort is a gap. */

export type Fields = Readonly<Record<string, unknown>>;

export function listOf(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

export function recordOf(raw: unknown): Fields {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Fields) : {};
}

export function textOf(raw: unknown): string | undefined {
  return typeof raw === 'string' ? raw : undefined;
}

export function numberOf(raw: unknown): number | undefined {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;
}
