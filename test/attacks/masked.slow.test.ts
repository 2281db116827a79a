import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
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
const bare = { cascade: 0, pgd: 0 };
/** Those that they fool there, which a mask must not save; what they leave takes them longest and says nothing here. */
const fooled = { cascade: [] as number[], square: [] as number[] };

/** Runs an attack and says what it leaves. */
async function left(what: string, ground: Ground, attack: string, request: CellRequest = {}) {
  const cell = await ground.completed(attack, BUDGET, request);
  const course = cell.stages.map((stage) => `${stage.attack} ${stage.robust}`).join(', ');
  process.stderr.write(`${what}: ${cell.clean.correct} right, ${cell.robust.correct} left (${course})\n`);
  return cell;
}

const fooledOf = ({ data, outcomes }: CompletedCell): number[] =>
  data.indices.filter((_index, row) => outcomes[row] === 'f');

beforeAll(async () => {
  const ground = await groundOf(network, options);
  const cascade = await left('no mask', ground, 'cascade');
  bare.cascade = cascade.robust.correct;
  fooled.cascade = fooledOf(cascade);
  bare.pgd = (await left('no mask', ground, 'pgd', { parameters: PLAIN })).robust.correct;
  fooled.square = fooledOf(await left('no mask', ground, 'square', { parameters: QUERIES }));
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

    it('saves from the cascade at most a point of what it fools without the mask', async () => {
      const { robust } = await left(name, masked, 'cascade', { indices: fooled.cascade });
      expect(robust.correct).toBeLessThanOrEqual(ONE_POINT);
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

  it('saves from the cascade with straight-through gradients at most a point of what it fools without the mask', async () => {
    const { robust } = await left('rounded input', straight, 'cascade', { indices: fooled.cascade });
    expect(robust.correct).toBeLessThanOrEqual(ONE_POINT);
  });

  it('saves from Square, which needs no gradients, at most a point of what it fools without the mask', async () => {
    const { robust } = await left('rounded input', blocked, 'square', {
      ...{ parameters: QUERIES, indices: fooled.square },
    });
    expect(robust.correct).toBeLessThanOrEqual(ONE_POINT);
  });
});

describe('an undefended network with a layer of Gaussian noise', () => {
  it('saves from the cascade at most a point of what it fools without the mask', async () => {
    const masked = await groundOf(MASKS['a layer of Gaussian noise'](network), options);
    const { model, robust } = await left('noise', masked, 'cascade', { indices: fooled.cascade });
    expect(model.stochastic).toBe(true);
    expect(robust.correct).toBeLessThanOrEqual(ONE_POINT);
  });
});
