import { messageOf } from '../errors.js';

/** A received value as it stands in a message: JSON where that says it, cut short. */
export function describeValue(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value);
  try {
    const json = JSON.stringify(value) as string | undefined;
    if (json === undefined) return 'nothing';
    return json.length > 80 ? `${json.slice(0, 77)}...` : json;
  } catch (error) {
    return messageOf(error);
  }
}
