import { GauntletError } from '../errors.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A non-negative budget as people write it: `0.1`, `1e-3` or a fraction such as `8/255`.
 * @throws GauntletError USAGE naming the option and what was received
 */
export function parseBudget(text: string, option: string): number {
  const [numerator = '', denominator, ...rest] = text.split('/').map((part) => part.trim());
  const wellFormed = NUMBER.test(numerator) && (denominator === undefined || NUMBER.test(denominator));
  const value = Number(numerator) / (denominator === undefined ? 1 : Number(denominator));
  if (!wellFormed || rest.length > 0 || !Number.isFinite(value) || value < 0) {
    throw new GauntletError(
      'USAGE',
      `--${option} must be a number such as 0.1 or 8/255, received "${text}".`,
    );
  }
  return value;
}

/** A `--set` value: JSON where it is JSON (numbers, true, null, lists), a fraction, or the text itself. */
export function parseValue(text: string): unknown {
  if (/^[^/]+\/[^/]+$/.test(text) && text.split('/').every((part) => NUMBER.test(part.trim()))) {
    return parseBudget(text, 'set');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * `key=value` pairs as an object.
 * @throws GauntletError USAGE for a pair without `=`
 */
export function parsePairs(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) throw new GauntletError('USAGE', `--set takes key=value, received "${pair}".`);
      return [pair.slice(0, at), parseValue(pair.slice(at + 1))];
    }),
  );
}
