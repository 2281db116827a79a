/** Parsed JSON, read field by field. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; empty when it is none, so that what is missing is found missing. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list; empty when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text, or a number as text; undefined when it is neither. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A size of a dimension; null where it is open (-1, or no number). */
export function sizeOf(value: unknown): number | null {
  const size = Number(value);
  return Number.isSafeInteger(size) && size >= 1 ? size : null;
}

/** Nested lists as one, however deep. */
export function flattened(value: unknown): unknown {
  return Array.isArray(value) && value.some(Array.isArray) ? (value as unknown[]).flat(Infinity) : value;
}
