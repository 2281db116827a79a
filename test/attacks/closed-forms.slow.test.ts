import { describeRow, describeWorlds, type Extent } from './closed-forms.js';
import { CLAIMS } from './linear-claims.js';

const ALL_BUT_ONE: Extent = {
  'all but one in 200': [
    { numClasses: 3, count: 200, shape: [1, 7, 5] },
    { numClasses: 10, count: 200, shape: [3, 3, 5] },
  ],
};
const NEAR: Extent = {
  near: [
    { numClasses: 2, count: 8, shape: [1, 7, 5], seed: 23 },
    { numClasses: 3, count: 8, shape: [1, 8, 8], seed: 23 },
    { numClasses: 10, count: 8, shape: [3, 3, 5], seed: 23 },
  ],
};

describeWorlds({ ...ALL_BUT_ONE, ...NEAR });
for (const [id, row] of Object.entries(CLAIMS)) {
  const counted = row.claims.some(({ kind }) => kind === 'all but one in 200');
  if (counted || row.slow) describeRow(id, row, counted ? ALL_BUT_ONE : NEAR);
}
