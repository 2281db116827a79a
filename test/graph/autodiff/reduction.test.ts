import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int, ints, type Attributes } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { upgradeOpset } from '../../../src/graph/passes/upgrade-opset.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { run } from '../../fixtures/engine.js';
import { reductionOperators } from './cases/reduction.js';
import { gradientAt } from './gradient-at.js';
import { anyShape, cotangentOf, gradientGraph } from './gradient-check.js';

const LAST: Attributes = { axes: ints([2]), keepdims: int(0) };

/** Gradient at one example of two rows, each reduced to one number. */
async function ofRows(
  rows: readonly (readonly number[])[],
  build: (builder: GraphBuilder) => string,
  weights: readonly number[] = [1, 1],
): Promise<number[][]> {
  const width = rows[0]!.length;
  const x = { dims: [1, rows.length, width], values: rows.flat() };
  const found = (await gradientAt({ x }, build, [1, rows.length], weights))['x']!;
  return rows.map((_, row) => found.slice(row * width, (row + 1) * width));
}

describe('the gradient of ReduceProd', () => {
  const product = (builder: GraphBuilder): string => builder.add('ReduceProd', ['x'], LAST);

  it('goes, past a single zero, to that zero alone', async () => {
    expect(
      await ofRows(
        [
          [2, 0, 4],
          [0, 3, 5],
        ],
        product,
        [1, 10],
      ),
    ).toEqual([
      [0, 8, 0],
      [150, 0, 0],
    ]);
  });

  it('is zero past two zeros, and finite everywhere', async () => {
    expect(
      await ofRows(
        [
          [0, 0, 4],
          [0, 0, 0],
        ],
        product,
      ),
    ).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('is the product of the others, signs included', async () => {
    expect(
      await ofRows(
        [
          [-2, 4, 0.5],
          [1, -1, -8],
        ],
        product,
      ),
    ).toEqual([
      [2, -1, -8],
      [8, -8, -1],
    ]);
  });
});

describe('the derivative at a kink', () => {
  it('of ReduceL1 is 0 at 0', async () => {
    const found = await ofRows(
      [
        [-2, 0, 3],
        [0, 0, 0],
      ],
      (b) => b.add('ReduceL1', ['x'], LAST),
    );
    expect(found).toEqual([
      [-1, 0, 1],
      [0, 0, 0],
    ]);
  });

  it('of ReduceL2 is 0 where all elements are', async () => {
    const found = await ofRows(
      [
        [3, 0, 4],
        [0, 0, 0],
      ],
      (b) => b.add('ReduceL2', ['x'], LAST),
    );
    expect(found[0]).toEqual([Math.fround(0.6), 0, Math.fround(0.8)]);
    expect(found[1]).toEqual([0, 0, 0]);
  });
});

describe('the gradient at a pole', () => {
  it('of ReduceLogSum, where the sum is 0, is finite, and 0 for a cotangent of 0', async () => {
    const rows = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    const found = await ofRows(rows, (b) => b.add('ReduceLogSum', ['x'], LAST), [1, 0]);
    found[0]!.forEach((value) => expect(value).toBeGreaterThan(1e38));
    expect(found[0]!.every(Number.isFinite)).toBe(true);
    expect(found[1]).toEqual([0, 0, 0]);
  });
});

describe('the gradient at a tie', () => {
  it.each([
    [
      'ReduceMax',
      [
        [0.5, 0.5, 0],
        [1 / 3, 1 / 3, 1 / 3],
      ],
    ],
    [
      'ReduceMin',
      [
        [0, 0, 1],
        [1 / 3, 1 / 3, 1 / 3],
      ],
    ],
  ] as const)('of %s is shared equally, over the batch axis too', async (op, expected) => {
    const rows = [
      [5, 5, 1],
      [0, 0, 0],
    ];
    const found = await ofRows(rows, (b) => b.add(op, ['x'], LAST));
    expect(found).toEqual(expected.map((row) => row.map((share) => Math.fround(share))));
    const whole = await gradientAt(
      { x: { dims: [1, 4], values: [2, 2, 2, 2] } },
      (b) => b.add(op, ['x'], { keepdims: int(0) }),
      [],
    );
    expect(whole['x']).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it.each([0, 1])(
    'of TopK (largest=%i) goes to the elements taken and to no other equal one',
    async (largest) => {
      const found = await ofRows(
        [
          [3, 3, 3, 3],
          [1, 2, 3, 4],
        ],
        (b) => {
          const [values] = b.addMany('TopK', ['x', b.ints([2])], 2, { largest: int(largest) });
          return b.add('ReduceSum', [values!, b.ints([2])], { keepdims: int(0) });
        },
      );
      expect(found).toEqual([[1, 1, 0, 0], largest === 1 ? [0, 0, 1, 1] : [1, 1, 0, 0]]);
    },
  );
});

describe('the gradient of ReduceLogSumExp', () => {
  const logSumExp = (builder: GraphBuilder): string => builder.add('ReduceLogSumExp', ['x'], LAST);

  it('is a distribution at large values, where the result is rounded and exponentials would overflow', async () => {
    const found = await ofRows(
      [
        [10_000, 10_000.5, 9_990],
        [-10_000, -10_001, -10_000],
      ],
      logSumExp,
    );
    const softmax = (row: readonly number[]): number[] => {
      const terms = row.map((value) => Math.exp(value - Math.max(...row)));
      return terms.map((term) => term / terms.reduce((sum, value) => sum + value, 0));
    };
    [
      [10_000, 10_000.5, 9_990],
      [-10_000, -10_001, -10_000],
    ]
      .map(softmax)
      .forEach((row, i) => {
        row.forEach((expected, k) => expect(found[i]![k]! / expected).toBeCloseTo(1, 6));
      });
  });

  it('is one half each for two equal values, however large', async () => {
    expect(
      await ofRows(
        [
          [30_000, 30_000],
          [-30_000, -30_000],
        ],
        logSumExp,
      ),
    ).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });
});

describe('a reduction by no axes, of operator set 18', () => {
  const inSet = (opset: number, op: string): Graph => {
    const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
    builder.input('x', 'float32', [BATCH, 3]);
    builder.addNamed(op, ['x'], 'y', { noop_with_empty_axes: int(1) });
    return { ...builder.build(), outputs: [anyShape('y')] };
  };
  const feeds = { x: floatTensor(Float32Array.of(0.5, 2, 3), [1, 3]) };
  const cotangent = floatTensor(Float32Array.of(1, 10, 100), [1, 3]);

  it.each(reductionOperators)(
    '%s is taken of every element by itself, and so is its gradient',
    async (op) => {
      const graph = inSet(18, op);
      const lowered = upgradeOpset(graph);
      expect(lowered.opsets['']).toBe(17);
      const [before, after] = [await run(graph, feeds), await run(lowered, feeds)];
      expect(after['y']).toEqual(before['y']);
      const gradientOf = async (forward: Graph): Promise<number[]> => {
        const { graph: derived, gradients } = await gradientGraph(forward, ['x']);
        const results = await run(derived, { ...feeds, [cotangentOf('y')]: cotangent });
        return Array.from(results[gradients.get('x')!]!.data as Float32Array);
      };
      const expected: Readonly<Record<string, readonly number[]>> = {
        ReduceLogSum: [2, 0.5, 1 / 3],
        ReduceSumSquare: [1, 4, 6],
      };
      for (const forward of [graph, lowered])
        (await gradientOf(forward)).forEach((value, i) => {
          expect(value / 10 ** i).toBeCloseTo(expected[op]?.[i] ?? 1, 6);
        });
    },
  );
});
