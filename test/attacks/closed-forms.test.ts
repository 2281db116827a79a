import { describe, expect, it } from '@jest/globals';
import { listAttacks, listComposites } from '../../src/plugin/registry.js';
import { describeRow, describeWorlds, type Extent } from './closed-forms.js';
import { CLAIMS, WITHOUT_CLOSED_FORM } from './linear-claims.js';

const known = [...listAttacks(), ...listComposites()].map(({ metadata }) => metadata);
const LIKE_NOISE = [
  { numClasses: 2, count: 40, shape: [1, 7, 5] },
  { numClasses: 10, count: 12, shape: [3, 3, 5] },
];
const EXTENT: Extent = {
  exact: [
    { numClasses: 2, count: 64, shape: [1, 7, 5] },
    { numClasses: 2, count: 16, shape: [3, 2, 7] },
    { numClasses: 2, count: 1, shape: [1, 7, 5] },
  ],
  'all but one in 200': [
    { numClasses: 3, count: 24, shape: [1, 7, 5] },
    { numClasses: 10, count: 8, shape: [3, 3, 5] },
  ],
  near: [
    { numClasses: 2, count: 16, shape: [3, 2, 7] },
    { numClasses: 3, count: 8, shape: [1, 7, 5] },
    { numClasses: 10, count: 5, shape: [1, 7, 5] },
  ],
  'no worse than noise': LIKE_NOISE,
  nothing: LIKE_NOISE,
};

describe('the table of what attacks are held to on linear classifiers', () => {
  it.each(known)('says something of $id in each of its norms', ({ id, norms, threats }) => {
    const row = CLAIMS[id];
    if (row === undefined && WITHOUT_CLOSED_FORM[id] === undefined) {
      throw new Error(`add a row for "${id}" to test/attacks/linear-claims.ts: what can it be held to?`);
    }
    const said = new Set(row?.claims.flatMap((claim) => claim.norms));
    expect([...said].sort()).toEqual([...norms].sort());
    if (row === undefined) expect(threats).toEqual([WITHOUT_CLOSED_FORM[id]]);
  });

  it('has no row for an attack that does not exist, but those that wait for theirs', () => {
    const ids: readonly string[] = known.map(({ id }) => id);
    const rows = [...Object.keys(CLAIMS), ...Object.keys(WITHOUT_CLOSED_FORM)];
    expect(rows.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describeWorlds(EXTENT);
for (const { id } of known) {
  const row = CLAIMS[id];
  if (row !== undefined && row.slow !== true) describeRow(id, row, EXTENT);
}
