import { describe, it } from '@jest/globals';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf } from './cells.js';
import { expectSameInAnyCompany } from './company.js';

describe.each([
  ['autoattack', 'linf', 0.09],
  ['autoattack', 'l2', 1.2],
  ['cascade', 'l2', 1.2],
  ['cascade', 'l1', 6.5],
] as const)('%s in %s', (attack, norm, epsilon) => {
  it('gives the same bytes whatever the batch size, the order and the other examples', async () => {
    const ground = await groundOf(zooGraph('mnist-mlp-nopen'));
    await expectSameInAnyCompany(ground, attack, { kind: 'lp', norm, epsilon });
    await ground.classifier.dispose();
  });
});
