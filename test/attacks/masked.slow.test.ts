import { beforeAll, describe, expect, it } from '@jest/globals';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf, type Ground, type CellRequest } from './cells.js';
import { MASKS } from './masks.js';

/** A budget within which the cascade leaves about a quarter of the digits on the network without a mask. */
const BUDGET = { kind: 'lp', norm: 'linf', epsilon: 0.09 } as const;
const COUNT = 200;
/** How much more a mask may hide from a strong attack, and how much it must hide from PGD to be one, in examples. */
const ONE_POINT = COUNT / 100;
const TEN_POINTS = COUNT / 10;

/** PGD as it stands in the literature, without a way around gradients that vanish. */
const PLAIN = { zeroGradient: 'stay' };
const QUERIES = { queries: 2000 };

const network = zooGraph('mnist-mlp-nopen');
const options = { count: COUNT, threads: 2 };
/** Examples that attacks leave on the network without a mask. */
const bare = { cascade: 0, pgd: 0, square: 0 };

/** Runs an attack and says what it leaves. */
async function left(what: string, ground: Ground, attack: string, request: CellRequest = {}) {
  const cell = await ground.completed(attack, BUDGET, request);
  const course = cell.stages.map((stage) => `${stage.attack} ${stage.robust}`).join(', ');
  process.stderr.write(`${what}: ${cell.clean.correct} right, ${cell.robust.correct} left (${course})\n`);
  return cell;
}

beforeAll(async () => {
  const ground = await groundOf(network, options);
  bare.cascade = (await left('no mask', ground, 'cascade')).robust.correct;
  bare.pgd = (await left('no mask', ground, 'pgd', { parameters: PLAIN })).robust.correct;
  bare.square = (await left('no mask', ground, 'square', { parameters: QUERIES })).robust.correct;
  await ground.classifier.dispose();
});

describe('an undefended network', () => {
  it('keeps some digits under the cascade, so that there is something to hide', () => {
    expect(bare.cascade).toBeGreaterThan(0.1 * COUNT);
    expect(bare.cascade).toBeLessThan(0.4 * COUNT);
  });
});

describe.each(['logits a thousand times as large', 'a head that saturates'] as const)(
  'an undefended network with %s',
  (name) => {
    let masked: Ground;
    beforeAll(async () => {
      masked = await groundOf(MASKS[name](network), options);
    });

    it('looks robust to PGD', async () => {
      const { robust } = await left(name, masked, 'pgd', { parameters: PLAIN });
      expect(robust.correct).toBeGreaterThan(bare.pgd + TEN_POINTS);
    });

    it('is as weak under the cascade as without the mask, within a point', async () => {
      const { robust } = await left(name, masked, 'cascade');
      expect(robust.correct).toBeLessThanOrEqual(bare.cascade + ONE_POINT);
    });
  },
);

describe('an undefended network with an input rounded to 256 levels', () => {
  const rounded = MASKS['an input rounded to 256 levels'](network);
  let blocked: Ground;
  let straight: Ground;
  beforeAll(async () => {
    blocked = await groundOf(rounded, options);
    straight = await groundOf(rounded, { ...options, straightThrough: true });
  });

  it('has no gradients to follow', async () => {
    const { cell } = await blocked.run('pgd', BUDGET);
    expect(cell).toMatchObject({
      status: 'not-applicable',
      reason: { code: 'GAUNTLET_E_GRADIENT_BLOCKED' },
    });
  });

  it('is as weak under the cascade with straight-through gradients as without the mask, within a point', async () => {
    const { robust } = await left('rounded input', straight, 'cascade');
    expect(robust.correct).toBeLessThanOrEqual(bare.cascade + ONE_POINT);
  });

  it('is as weak under Square, which needs no gradients, as without the mask, within a point', async () => {
    const { robust } = await left('rounded input', blocked, 'square', { parameters: QUERIES });
    expect(robust.correct).toBeLessThanOrEqual(bare.square + ONE_POINT);
  });
});

describe('an undefended network with a layer of Gaussian noise', () => {
  it('is as weak under the cascade as without the mask, within a point', async () => {
    const masked = await groundOf(MASKS['a layer of Gaussian noise'](network), options);
    const { model, robust } = await left('noise', masked, 'cascade');
    expect(model.stochastic).toBe(true);
    expect(robust.correct).toBeLessThanOrEqual(bare.cascade + ONE_POINT);
  });
});
