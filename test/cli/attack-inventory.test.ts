import { describe, expect, it } from '@jest/globals';
import { attackItems } from '../../src/cli/attack-inventory.js';
import { renderInventory } from '../../src/cli/render/inventory.js';
import { registerPlugin } from '../../src/plugin/registry.js';
import pgd from '../../attacks/pgd.js';

const items = await attackItems();
const detailsOf = (id: string) => items.find((item) => item.id === id)?.details;

describe('the listing of attacks', () => {
  it.each([
    ['pgd', 'gradient', 'fixed-budget'],
    ['fmn', 'gradient', 'minimum-norm'],
    ['square', 'scores', 'fixed-budget'],
    ['boundary', 'decision', 'minimum-norm'],
    ['patch', 'gradient', 'fitted'],
    ['eot', 'gradient', 'wrapper'],
    ['autoattack', null, 'composite'],
  ])('says of %s what it needs and how it goes about it', (id, access, kind) => {
    expect(detailsOf(id)).toMatchObject({ access, kind });
  });

  it('keeps those together that need as much of the model, from gradients to decisions, composites last', () => {
    const accesses = items.map(({ details }) => details.access);
    expect(accesses.filter((access, i) => access !== accesses[i - 1])).toEqual([
      ...['gradient', 'scores', 'decision'],
      null,
    ]);
  });

  it('keeps those together that take the same threat models, and of these those of a kind', () => {
    const groups = items.map(({ details: { access, threats, kind } }) =>
      [access, ...threats, kind].join(' '),
    );
    const changes = groups.filter((group, i) => group !== groups[i - 1]);
    expect(changes).toHaveLength(new Set(groups).size);
  });

  it('names norms in one order', () => {
    expect(detailsOf('hopskipjump')?.norms).toEqual(['linf', 'l2']);
  });

  it('has the attacks of the user too, and says where they come from', async () => {
    const own = { ...pgd, metadata: { ...pgd.metadata, id: 'own-pgd' } };
    const unregister = registerPlugin(own);
    const withOwn = await attackItems();
    unregister();
    expect(withOwn.find(({ id }) => id === 'own-pgd')?.details).toMatchObject({
      origin: 'memory',
      kind: 'fixed-budget',
    });
  });

  it('is a table of access, threat models, norms and kind', () => {
    const table = renderInventory('attacks', items);
    expect(table).toMatch(/^id +title +access +threats +norms +kind +summary$/m);
    expect(table).toMatch(/^square +Square +scores +lp box +linf l2 +fixed-budget +Random search/m);
  });
});
