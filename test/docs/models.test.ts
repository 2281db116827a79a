import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { operatorFamilies } from '../../src/export/tfjs/operators/index.js';
import { activations } from '../../src/models/tfjs/activations.js';
import { opFamilies } from '../../src/models/tfjs/graph-ops/index.js';
import { layerFamilies } from '../../src/models/tfjs/layers/index.js';

const path = join(import.meta.dirname, '../../docs/guide/models.md');

/** A table of families and what is in each. */
function table(what: string, families: Readonly<Record<string, object>>): string {
  const rows = Object.entries(families).map(
    ([family, members]) =>
      `| ${family} | ${Object.keys(members)
        .sort()
        .map((name) => `\`${name}\``)
        .join(', ')} |`,
  );
  return [`| | ${what} |`, '| --- | --- |', ...rows].join('\n');
}

const functions = { ...layerFamilies, functions: Object.fromEntries(activations) };

/** The page with what is between its marks written anew. */
function written(page: string): string {
  const between = (text: string, mark: string, content: string): string => {
    const [begin, end] = [`<!-- ${mark}: generated -->`, `<!-- ${mark}: end -->`];
    const [before, rest] = text.split(begin) as [string, string];
    return [before, begin, '\n\n', content, '\n\n', end, rest.split(end)[1]!].join('');
  };
  const tables = {
    layers: table('layers', functions),
    operations: table('operations', opFamilies),
    export: table('operators', operatorFamilies),
  };
  return Object.entries(tables).reduce((text, [mark, content]) => between(text, mark, content), page);
}

describe('docs/guide/models.md', () => {
  it('lists exactly the layers and operations of TensorFlow.js that are read, and the operators that are written', () => {
    const page = readFileSync(path, 'utf8');
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, written(page));
    expect(readFileSync(path, 'utf8')).toBe(written(page));
  });
});
