import { describe, it } from '@jest/globals';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf } from './cells.js';
import { expectSameInAnyCompany } from './company.js';

describe('the cascade', () => {
  it('gives the same bytes whatever the batch size, the order and the other examples', async () => {
    const ground = await groundOf(zooGraph('mnist-mlp-nopen'));
    await expectSameInAnyCompany(ground, 'cascade', { kind: 'lp', norm: 'linf', epsilon: 0.09 });
    await ground.classifier.dispose();
  });
});
