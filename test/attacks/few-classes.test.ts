import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import type { AttackMetadata } from '../../src/plugin/attack.js';
import { listAttacks, listComposites } from '../../src/plugin/registry.js';
import type { GoalSpec, Norm, ThreatKind, ThreatSpec } from '../../src/plugin/threat.js';
import { randomFloats, randomTensor } from '../fixtures/graphs.js';
import { groundOf } from './cells.js';
import { seenImages } from './seen-images.js';

const SHAPE = [1, 6, 6];
const PIXELS = 36;
const COUNT = 4;
const IMAGES = 8;

/** A small network whose classes are about equally frequent. */
function network(numClasses: number): Graph {
  const b = new GraphBuilder({ name: `of-${numClasses}`, opsets: { '': 17 } });
  const flat = b.add('Flatten', [b.input('x', 'float32', [BATCH, ...SHAPE])]);
  const centred = b.add('Sub', [flat, b.scalar(0.5)]);
  const hidden = b.add('Relu', [
    b.add('MatMul', [centred, b.initializer('w', randomTensor(1, [PIXELS, 12]))]),
  ]);
  b.addNamed('MatMul', [hidden, b.initializer('v', randomTensor(2, [12, numClasses]))], 'logits');
  b.output('logits', 'float32', [BATCH, numClasses]);
  return b.build();
}

async function groundWith(numClasses: number) {
  const graph = network(numClasses);
  const data = randomFloats(3, IMAGES * PIXELS).map((value) => (value + 1) / 2);
  return groundOf(graph, { dataset: await seenImages(graph, SHAPE, data), count: COUNT });
}
const grounds = new Map([2, 3, 4].map((numClasses) => [numClasses, groundWith(numClasses)]));

const EPSILON: Readonly<Record<Norm, number>> = { linf: 0.05, l2: 0.3, l1: 1, l0: 2 };
const threatOf: Readonly<Partial<Record<ThreatKind, (norm: Norm) => ThreatSpec>>> = {
  lp: (norm) => ({ kind: 'lp', norm, epsilon: EPSILON[norm] }),
  minimum: (norm) => ({ kind: 'minimum', norm }),
  patch: () => ({ kind: 'patch', area: 0.1 }),
  transform: () => ({
    kind: 'transform',
    ranges: { rotation: [-20, 20], translateX: [-1, 1], translateY: [-1, 1] },
  }),
};
const goalOf: Readonly<Record<GoalSpec['kind'], GoalSpec>> = {
  untargeted: { kind: 'untargeted' },
  targeted: { kind: 'targeted', target: 'next' },
};
/** For those that ask thousands of times by default. */
const SHORTER: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spsa: { steps: 5, samples: 16 },
  nes: { steps: 5, samples: 16 },
  simba: { steps: 60 },
  hopskipjump: { queries: 300 },
  boundary: { queries: 300 },
  square: { queries: 200 },
  ead: { searches: 3 },
  'carlini-wagner': { searches: 3 },
};

type Subject = Pick<AttackMetadata<never>, 'id' | 'threats' | 'norms' | 'goals' | 'surrogate'>;

/** Every combination of threat model and goal that the metadata name. */
function situationsOf({ id, threats, norms, goals, surrogate }: Subject): [string, ThreatSpec, GoalSpec][] {
  if (surrogate === true) return [];
  return threats.flatMap((kind) => {
    const spec = threatOf[kind];
    if (spec === undefined) return [];
    const measured: readonly Norm[] = ['lp', 'minimum'].includes(kind) ? norms : ['linf'];
    return measured.flatMap((norm) =>
      goals.map((goal): [string, ThreatSpec, GoalSpec] => [id, spec(norm), goalOf[goal]]),
    );
  });
}
const situations = [...listAttacks(), ...listComposites()].flatMap(({ metadata }) => situationsOf(metadata));

describe.each([2, 3])('with %i classes', (numClasses) => {
  it.each(situations)('%s runs under %j with the goal %j', async (attack, threat, goal) => {
    const ground = await grounds.get(numClasses)!;
    const parameters = SHORTER[attack] ?? {};
    const cell = await ground.completed(attack, threat, { goal, parameters });
    expect(cell.outcomes).toMatch(/^[rf]+$/);
  });
});

describe('a loss that needs more classes than there are', () => {
  const linf = { kind: 'lp', norm: 'linf', epsilon: EPSILON.linf } as const;
  it.each<[numClasses: number, attack: string, parameters: object, losses: string[]]>([
    [2, 'autoattack', {}, ['dlr-targeted']],
    [2, 'autoattack', { version: 'plus' }, ['dlr', 'dlr-targeted']],
    [2, 'apgd', { loss: 'dlr' }, ['dlr']],
    [3, 'apgd-targeted', {}, ['dlr-targeted']],
    [3, 'autoattack', { version: 'plus' }, ['dlr-targeted']],
    [3, 'apgd', { loss: 'dlr' }, []],
    [2, 'pgd', {}, []],
    [4, 'autoattack', {}, []],
  ])(
    'makes way for the margin, and the result says so: %i classes, %s %j',
    async (numClasses, attack, given, losses) => {
      const ground = await grounds.get(numClasses)!;
      // Too little to fool them all, so that every stage has something to do.
      const cell = await ground.completed(attack, { ...linf, epsilon: 0.01 }, { parameters: { ...given } });
      const flag = cell.flags.find(({ code }) => code === 'loss-substituted');
      expect(flag?.evidence['losses'] ?? []).toEqual(losses);
      if (losses.length > 0) expect(flag!.message).toContain('the margin instead');
    },
  );
});
