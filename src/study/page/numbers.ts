import type { StudyFigure } from '../../results/schema/study.js';

type Unit = StudyFigure['unit'];

/** A value as the page writes it: shares in per cent, differences of shares in points, numbers with three digits. */
export function valueText(value: number, unit: Unit): string {
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`;
  if (unit === 'points') return signed(100 * value, 1);
  return `${value < 0 ? '−' : ''}${sizeText(Math.abs(value))}`;
}

/** A difference of two values, with its sign; of shares in points. */
export function differenceText(value: number, unit: Unit): string {
  if (unit !== 'number') return signed(100 * value, 1);
  return `${value < 0 ? '−' : '+'}${sizeText(Math.abs(value))}`;
}

/** Three digits, with a power of ten where it is very small or large. */
function sizeText(size: number): string {
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return size.toExponential(1);
  return size >= 100 ? size.toFixed(0) : size.toPrecision(3);
}

export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** With so many decimals and a minus sign. */
export const fixedText = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

const signed = (value: number, digits: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `1 seed`, `2 seeds`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}
