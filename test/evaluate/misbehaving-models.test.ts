import { describe, expect, it } from '@jest/globals';
import type { Dataset } from '../../src/data/dataset.js';
import { GraphBuilder, int, ints } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { listAttacks, listComposites } from '../../src/plugin/registry.js';
import type { Norm, ThreatKind, ThreatSpec } from '../../src/plugin/threat.js';
import { groundOf } from '../attacks/cells.js';
import { seenImages } from '../attacks/seen-images.js';
import { randomFloats, randomTensor } from '../fixtures/graphs.js';

const SIZE = 6;
const PIXELS = SIZE * SIZE;
const COUNT = 5;
/** Some more than are attacked, for attacks that learn first. */
const IMAGES = 9;
const GREYS = [0.25, 0.75] as const;

/**
 * A linear classifier in four classes whose logits are NaN unless every pixel has one of the two greys; with `forgiving`, only
 * where the first pixel is light.
 */
function fragileGraph({ forgiving = false } = {}): Graph {
  const b = new GraphBuilder({ name: 'fragile', opsets: { '': 17 } });
  const flat = b.add('Flatten', [b.input('x', 'float32', [BATCH, 1, SIZE, SIZE])]);
  const [fromDark, fromLight] = GREYS.map((grey) => b.add('Sub', [flat, b.scalar(grey)])) as [string, string];
  const off = b.add('Abs', [b.add('Mul', [fromDark, fromLight])]);
  let furthest = b.add('ReduceMax', [off], { axes: ints([1]), keepdims: int(1) });
  if (forgiving) {
    const first = b.add('Slice', [flat, b.ints([0]), b.ints([1]), b.ints([1])]);
    furthest = b.add('Mul', [furthest, b.add('Relu', [b.add('Sub', [first, b.scalar(0.5)])])]);
  }
  // The logarithm of a negative number is NaN and stays so; all others become 0.
  const nan = b.add('Mul', [b.add('Log', [b.add('Sub', [b.scalar(1e-6), furthest])]), b.scalar(0)]);
  const scores = b.add('MatMul', [flat, b.initializer('w', randomTensor(3, [PIXELS, 4]))]);
  b.addNamed('Add', [scores, nan], 'logits');
  b.output('logits', 'float32', [BATCH, 4]);
  return b.build();
}

/** Images of two greys, labelled as the classifier sees them; the first pixel of every other one is light. */
function greyImages(graph: Graph): Promise<Dataset> {
  const data = randomFloats(5, IMAGES * PIXELS).map((value) => (value < 0 ? GREYS[0] : GREYS[1]));
  for (let image = 0; image < IMAGES; image++) data[image * PIXELS] = GREYS[image % 2]!;
  return seenImages(graph, [1, SIZE, SIZE], data);
}

/** Too small to turn one grey into the other. */
const EPSILON: Readonly<Record<Norm, number>> = { linf: 0.1, l2: 0.3, l1: 0.4, l0: 3 };
const threatOf: Readonly<Partial<Record<ThreatKind, (norm: Norm) => ThreatSpec>>> = {
  lp: (norm) => ({ kind: 'lp', norm, epsilon: EPSILON[norm] }),
  minimum: (norm) => ({ kind: 'minimum', norm }),
  patch: () => ({ kind: 'patch', area: 0.2 }),
  transform: () => ({
    kind: 'transform',
    ranges: { rotation: [-20, 20], translateX: [-1, 1], translateY: [-1, 1] },
  }),
};

describe('a model that answers NaN wherever an attack may go', () => {
  const graph = fragileGraph();
  const ground = greyImages(graph).then((dataset) => groundOf(graph, { dataset, count: COUNT }));

  const cases = [...listAttacks(), ...listComposites()].flatMap(({ metadata }) =>
    metadata.threats.flatMap((kind) => {
      const norms: readonly Norm[] = ['lp', 'minimum'].includes(kind) ? metadata.norms : ['linf'];
      const spec = threatOf[kind];
      if (spec === undefined || ('surrogate' in metadata && metadata.surrogate === true)) return [];
      return norms.map((norm): [string, string, ThreatSpec] => {
        const access = 'access' in metadata ? metadata.access : 'composite';
        return [metadata.id, access, spec(norm)];
      });
    }),
  );

  it.each(cases)('%s (%s) calls no example robust under %j', async (attack, _access, threat) => {
    const { cell } = await (await ground).run(attack, threat, {});
    if (cell.status !== 'completed') throw new Error(cell.reason.message);
    expect(cell.outcomes).toBe('i'.repeat(COUNT));
  });

  it.each(['pgd', 'square', 'hopskipjump', 'cascade'])(
    '%s doubts no more than the examples on which it does so',
    async (attack) => {
      const forgiving = fragileGraph({ forgiving: true });
      const place = await groundOf(forgiving, { dataset: await greyImages(forgiving), count: COUNT });
      const { cell } = await place.run(attack, { kind: 'lp', norm: 'linf', epsilon: 0.1 });
      if (cell.status !== 'completed') throw new Error(cell.reason.message);
      expect(cell.outcomes).toMatch(/^[rf]i[rf]i[rf]$/);
      expect(cell.robust.correct).toBe(Array.from(cell.outcomes).filter((letter) => letter === 'r').length);
      expect(cell.flags[0]).toMatchObject({ code: 'invalid-examples', evidence: { examples: [1, 3] } });
    },
  );
});
