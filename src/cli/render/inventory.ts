import pc from 'picocolors';
import type { Item } from '../inventory.js';
import { plainTable } from '../../text/plain-table.js';

/** Details worth a column, and how they are shown. */
const SHOWN: readonly string[] = [
  'access',
  'threats',
  'norms',
  'kind',
  'part',
  'data',
  'examples',
  'entries',
  'where',
  'profiles',
  'needs',
  'summary',
];

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A kind of thing as a table under its name. */
export function renderInventory(kind: string, items: readonly Item[]): string {
  const columns = SHOWN.filter((name) => items.some((item) => name in item.details));
  const rows = items.map((item) => [item.id, item.title, ...columns.map((name) => cell(item.details[name]))]);
  const body = items.length === 0 ? 'none' : plainTable(['id', 'title', ...columns], rows);
  return `${pc.bold(kind)}\n${body}`;
}
