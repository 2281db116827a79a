import { GauntletError } from '../errors.js';

/**
 * The text of a result file: object keys in code-point order, two spaces of indentation, arrays of plain values on one line,
 * a newline at the end. Equal values have equal texts whoever wrote them. Properties that are undefined are left out.
 * @throws GauntletError INTERNAL for NaN and infinities, which JSON cannot hold
 */
export function jsonText(value: unknown): string {
  return `${format(value, '', [])}\n`;
}

function format(value: unknown, indent: string, path: readonly string[]): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new GauntletError(
      'INTERNAL',
      `${path.join('.') || 'the result'} is ${value}, which JSON cannot hold.`,
    );
  }
  if (Array.isArray(value)) return formatArray(value, indent, path);
  if (typeof value === 'object' && value !== null) return formatObject(value, indent, path);
  return JSON.stringify(value);
}

function formatArray(values: readonly unknown[], indent: string, path: readonly string[]): string {
  const nested = values.some((value) => typeof value === 'object' && value !== null);
  const inner = nested ? `${indent}  ` : indent;
  const items = values.map((value, i) => format(value, inner, [...path, String(i)]));
  return nested ? `[\n${inner}${items.join(`,\n${inner}`)}\n${indent}]` : `[${items.join(', ')}]`;
}

function formatObject(value: object, indent: string, path: readonly string[]): string {
  const inner = `${indent}  `;
  const properties = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, property]) => `${JSON.stringify(key)}: ${format(property, inner, [...path, key])}`);
  return properties.length === 0 ? '{}' : `{\n${inner}${properties.join(`,\n${inner}`)}\n${indent}}`;
}
