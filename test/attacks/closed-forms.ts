import { describe, expect, it } from '@jest/globals';
import { findComposite } from '../../src/plugin/registry.js';
import type { Norm, Threat } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { rowOf } from '../../src/tensor/batch.js';
import { randomStart } from '../../src/tensor/start.js';
import type { Claim, Row } from './linear-claims.js';
import { distancesOf, linearWorld, type LinearWorld, type LinearWorldOptions } from './linear-world.js';
import { runBuiltin, runComposite } from './run.js';

/** Rounding of float32 logits and iterates, as a share of a distance. */
const ROUNDING = 1e-5;
/** Float32 decides what lies so near to the boundary, as a share of the budget. */
const UNDECIDED = 1e-4;
/** Share of the examples that a budget lets fool: what cannot be fooled costs an attack most. */
const FOOLABLE = 0.8;
/** The share of the examples that noise fools at the budget at which it is compared with an attack. */
const FOOLED_BY_NOISE = 1 / 8;
/** Images so large and so far from black and white that the nearest adversarials are inside the box. */
const ROOMY = { shape: [1, 14, 10], values: 'middle' } as const;

/** The random worlds that each kind of claim is tried on. */
export type Extent = Readonly<Partial<Record<Claim['kind'], readonly LinearWorldOptions[]>>>;

/** Holds the worlds to what makes them worth trying. */
export function describeWorlds(extent: Extent): void {
  const several = Object.values(extent)
    .flat()
    .filter(({ count }) => count > 1);
  it.each(several)(
    '30 % of the coordinates of the optimum would be pushed beyond the box: $numClasses classes, $count of shape $shape',
    async (options) => {
      expect((await worldOf(options)).clippedShare).toBeGreaterThan(0.3);
    },
  );
}

/** Holds one attack to its row of the table, in the kinds of claims that the extent has worlds for. */
export function describeRow(id: string, row: Row, extent: Extent): void {
  describe(id, () => {
    for (const claim of row.claims) {
      const worlds = extent[claim.kind] ?? [];
      if (worlds.length === 0) continue;
      it.each(claim.norms.flatMap((norm) => worlds.map((options) => ({ norm, ...options }))))(
        `${TITLES[claim.kind](claim as never)}: in $norm with $numClasses classes, $count of shape $shape`,
        async ({ norm, ...options }) => {
          const parameters = row.parameters?.(options.numClasses) ?? {};
          await CHECKS[claim.kind]({ id, norm, options, parameters }, claim as never);
        },
        300_000,
      );
    }
  });
}

type ClaimOf<K extends Claim['kind']> = Extract<Claim, { kind: K }>;

const within = ({ share = 1 }: { readonly share?: number }): string =>
  share === 1 ? '' : ` within ${share} of the budget`;

const TITLES: { readonly [K in Claim['kind']]: (claim: ClaimOf<K>) => string } = {
  exact: (claim) => `fools all that can be fooled${within(claim)}`,
  'all but one in 200': (claim) => `fools all but one of what can be fooled${within(claim)}`,
  near: ({ factor, more = 0 }) =>
    `needs at most ${factor} times the smallest distance${more === 0 ? '' : ` and ${more} more`}`,
  'no worse than noise': () => 'fools no fewer than uniform noise',
  nothing: () => 'does not beat the optimum',
};

/** An attack in one of its norms on one world. */
interface Case {
  readonly id: string;
  readonly norm: Norm;
  readonly options: LinearWorldOptions;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const CHECKS: { readonly [K in Claim['kind']]: (of: Case, claim: ClaimOf<K>) => Promise<void> } = {
  exact: async (of, { share }) => {
    expect(await missed(of, share)).toEqual([]);
  },
  'all but one in 200': async (of, { share }) => {
    expect((await missed(of, share)).length).toBeLessThanOrEqual(Math.ceil(of.options.count / 200));
  },
  near: async ({ options, ...of }, { factor, more = 0, boxOutOfReach = false }) => {
    const world = await worldOf(boxOutOfReach ? { ...options, ...ROOMY } : options);
    const found = await attack(world, of, { kind: 'minimum', norm: of.norm });
    found.forEach((distance, example) => {
      expect(distance).toBeLessThanOrEqual(smallest(world, example, of.norm) * factor + more);
    });
  },
  'no worse than noise': async ({ options, ...of }) => {
    const world = await worldOf(options);
    const { epsilon, fooled } = await noiseIn(world, of.norm);
    const found = await attack(world, of, { kind: 'lp', norm: of.norm, epsilon });
    const count = found.filter((distance) => distance <= epsilon * (1 + ROUNDING)).length;
    expect(count).toBeGreaterThanOrEqual(fooled);
  },
  nothing: async ({ options, ...of }) => {
    const world = await worldOf(options);
    const { epsilon } = await noiseIn(world, of.norm);
    expect((await attack(world, of, { kind: 'lp', norm: of.norm, epsilon })).some(Number.isFinite)).toBe(
      true,
    );
  },
};

/** Optima of the examples that are not fooled, of those that can be within a share of the budget. */
async function missed({ options, ...of }: Case, share = 1): Promise<number[]> {
  const world = await worldOf(options);
  const epsilon = budgetOf(world, of.norm);
  const found = await attack(world, of, { kind: 'lp', norm: of.norm, epsilon });
  return optimaOf(world, of.norm).filter(
    (optimum, example) =>
      optimum <= share * epsilon * (1 - UNDECIDED) && !(found[example]! <= epsilon * (1 + ROUNDING)),
  );
}

const worlds = new Map<string, Promise<LinearWorld>>();

/** Worlds are shared by all attacks, and with them the optima. */
function worldOf(options: LinearWorldOptions): Promise<LinearWorld> {
  const name = JSON.stringify(options);
  const world = worlds.get(name) ?? linearWorld(options);
  worlds.set(name, world);
  return world;
}

/** The distance of each candidate that is misclassified, Infinity for the others. None may beat the optimum. */
async function attack(
  world: LinearWorld,
  { id, parameters }: Omit<Case, 'options'>,
  threat: Threat & { readonly norm: Norm },
): Promise<number[]> {
  const { classifier, batch, slice } = world;
  const problem = { batch, threat, goal: { kind: 'untargeted' } } as const;
  const data =
    (await findComposite(id)) === undefined
      ? (await runBuiltin(id, classifier, problem, parameters, 0, slice)).data
      : await runComposite(id, classifier, problem, parameters);
  const distances = await distancesOf(world, data, threat.norm);
  distances.forEach((distance, example) => {
    expect(distance).toBeGreaterThanOrEqual(smallest(world, example, threat.norm) * (1 - ROUNDING));
  });
  return distances;
}

function optimaOf(world: LinearWorld, norm: Norm): number[] {
  return world.batch.keys.map((_key, example) => smallest(world, example, norm));
}

/** The smallest distance; in L0 a number of values. */
function smallest(world: LinearWorld, example: number, norm: Norm): number {
  const optimum = world.optimum(example, norm);
  return norm === 'l0' ? Math.round(optimum) : optimum;
}

/** A budget that is just enough for one of the examples. */
function budgetOf(world: LinearWorld, norm: Norm): number {
  const optima = optimaOf(world, norm).sort((a, b) => a - b);
  return optima[Math.floor(FOOLABLE * optima.length)]! * (1 + 2 * UNDECIDED);
}

/** A budget at which one draw of uniform noise fools some, and how many. */
async function noiseIn(world: LinearWorld, norm: Norm): Promise<{ epsilon: number; fooled: number }> {
  const { batch } = world;
  const [first, growth] = norm === 'l0' ? [1, 2] : [budgetOf(world, norm), 1.5];
  for (let epsilon = first; ; epsilon *= growth) {
    const data = batch.data.slice();
    batch.keys.forEach((key, row) => {
      const point = randomStart(norm, keyedStream(1, key, 'noise'), rowOf(batch, row), epsilon, 0, 1);
      data.set(point, row * point.length);
    });
    const fooled = (await distancesOf(world, data, norm)).filter(Number.isFinite).length;
    if (fooled >= FOOLED_BY_NOISE * batch.keys.length) return { epsilon, fooled };
  }
}
