/** A JSON object whose fields are still to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether the value is a list of numbers that a shape may have: whole and not negative. */
export const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((dim) => Number.isSafeInteger(dim) && (dim as number) >= 0);

/** A value as a message shows it, cut where it is long. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
