import { describe, expect, it } from '@jest/globals';
import { findComposite, listComposites } from '../../src/plugin/registry.js';
import { compositeContract } from '../../src/plugin/testing.js';

describe('built-in composites', () => {
  it('include AutoAttack and the cascade', () => {
    const ids = listComposites().map(({ metadata }) => metadata.id);
    expect(ids).toEqual(expect.arrayContaining(['autoattack', 'cascade']));
  });
});

for (const { metadata } of listComposites()) {
  const composite = await findComposite(metadata.id);
  describe(metadata.id, () => {
    for (const check of compositeContract(composite)) {
      it(check.name.slice(metadata.id.length + 1), check.run);
    }
  });
}
