import { describe, expect, it } from '@jest/globals';
import type { Draw } from '../../src/classifier/classifier.js';
import { GraphBuilder, float, int, ints } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { takeExamples, type Batch } from '../../src/tensor/batch.js';
import { floatTensor, type Tensor } from '../../src/tensor/tensor.js';
import { randomTensor } from '../fixtures/graphs.js';
import { classifierOf, loaded, randomBatch, turnLabels } from './loaded.js';

const truth = (value: boolean): Tensor => ({ type: 'bool', dims: [], data: Uint8Array.of(value ? 1 : 0) });

/** Adds what draws to a graph; gets and returns a value of `batch x 6`. */
type Noise = (b: GraphBuilder, x: string) => string;

/** A classifier of six numbers in three classes, with noise before its last layer. */
function networkWith(noise: Noise, batch: number | string = BATCH): Graph {
  const b = new GraphBuilder({ name: 'noisy', opsets: { '': 17 } });
  const x = b.input('x', 'float32', [batch, 6]);
  const hidden = b.add('Tanh', [b.add('MatMul', [x, b.initializer('w', randomTensor(1, [6, 6], 1))])]);
  const last = b.add('MatMul', [noise(b, hidden), b.initializer('v', randomTensor(2, [6, 3], 1))]);
  b.addNamed('Identity', [last], 'logits');
  b.output('logits', 'float32', [batch, 3]);
  return b.build();
}

const dropout =
  (training: boolean): Noise =>
  (b, x) =>
    b.addMany('Dropout', [x, b.scalar(0.4), b.initializer('training', truth(training))], 2)[0]!;

const NOISES: Readonly<Record<string, Noise>> = {
  RandomNormalLike: (b, x) =>
    b.add('Add', [x, b.add('RandomNormalLike', [x], { scale: float(0.3), mean: float(0.1) })]),
  RandomUniformLike: (b, x) =>
    b.add('Mul', [x, b.add('RandomUniformLike', [x], { low: float(0.5), high: float(2) })]),
  'RandomNormal of one row': (b, x) =>
    b.add('Add', [x, b.add('RandomNormal', [], { shape: ints([1, 6]), seed: float(3) })]),
  'RandomUniform without a row': (b, x) =>
    b.add('Add', [x, b.add('Mul', [b.scalar(2), b.add('RandomUniform', [], { shape: ints([6]) })])]),
  'RandomNormal of no shape': (b, x) => b.add('Mul', [x, b.add('RandomNormal', [], { shape: ints([]) })]),
  Bernoulli: (b, x) => b.add('Mul', [x, b.add('Bernoulli', [b.add('Sigmoid', [x])])]),
  'Bernoulli of truth values': (b, x) =>
    b.add('Where', [b.add('Bernoulli', [b.add('Sigmoid', [x])], { dtype: int(9) }), x, b.scalar(0)]),
  Multinomial: (b, x) => {
    const drawn = b.add('Multinomial', [x], { sample_size: int(6), dtype: int(7) });
    return b.add('Add', [x, b.add('Cast', [drawn], { to: int(1) })]);
  },
  'Dropout in training mode': dropout(true),
  'Dropout whose mask is used': (b, x) => {
    const [y, mask] = b.addMany('Dropout', [x, '', b.initializer('training', truth(true))], 2);
    return b.add('Add', [y!, b.add('Cast', [mask!], { to: int(1) })]);
  },
  'RandomNormalLike of merged rows': (b, x) => {
    const merged = b.add('Reshape', [x, b.ints([-1, 2])]);
    const noisy = b.add('Add', [merged, b.add('RandomNormalLike', [merged])]);
    return b.add('Reshape', [noisy, b.ints([-1, 6])]);
  },
  'RandomNormalLike of columns': (b, x) => {
    const turned = b.add('Transpose', [x], { perm: ints([1, 0]) });
    return b.add('Transpose', [b.add('Add', [turned, b.add('RandomNormalLike', [turned])])], {
      perm: ints([1, 0]),
    });
  },
};

const bits = (values: Float32Array) =>
  Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length));
const turned = (batch: Batch) =>
  takeExamples(
    batch,
    batch.keys.map((_, row) => batch.keys.length - 1 - row),
  );

describe.each(Object.entries(NOISES))('a model with %s', (_name, noise) => {
  const batch = randomBatch(5, 7, [6]);
  const labels = turnLabels(7, 3);

  it('is marked stochastic, and gives an example the same bits in any batch, order and process', async () => {
    const graph = networkWith(noise);
    const [one, other] = [await classifierOf(graph), await classifierOf(graph, {}, { engineBatch: 2 })];
    expect(one.stochastic).toBe(true);
    const logits = bits(await one.logits(batch));
    expect(bits(await other.logits(batch))).toEqual(logits);
    const backwards = bits(await other.logits(turned(batch)));
    expect(backwards.slice(0, 3)).toEqual(logits.slice(-3));
    const alone = bits(await one.logits(takeExamples(batch, [4])));
    expect(alone).toEqual(logits.slice(12, 15));
    const request = { labels, loss: 'margin' };
    const gradient = bits((await one.lossGradient(batch, request)).gradient);
    expect(bits((await other.lossGradient(batch, request)).gradient)).toEqual(gradient);
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('draws anew for another index, purpose, seed or example', async () => {
    const classifier = await classifierOf(networkWith(noise));
    const same = { ...batch, data: new Float32Array(42).fill(0.5) };
    const base: Draw = { seed: 0, purpose: 'model', index: 0 };
    const draws: Draw[] = [base, { ...base, index: 1 }, { ...base, purpose: 'judge' }, { ...base, seed: 1 }];
    const results = await Promise.all(draws.map((draw) => classifier.logits(same, draw)));
    expect(new Set(results.map((result) => result.join())).size).toBe(draws.length);
    expect(results[0]).toEqual(await classifier.logits(same));
    const rows = Array.from({ length: 7 }, (_, row) => results[0]!.slice(3 * row, 3 * row + 3).join());
    expect(new Set(rows).size).toBeGreaterThan(3);
    await classifier.dispose();
  });

  it('has the gradient of the function that one draw makes of it', async () => {
    const classifier = await classifierOf(networkWith(noise));
    const draw: Draw = { seed: 4, purpose: 'test', index: 2 };
    const cotangent = Float32Array.from({ length: 21 }, (_, i) => Math.cos(i));
    const { gradient, logits } = await classifier.vjp(batch, cotangent, draw);
    expect(Array.from(logits)).toEqual(
      Array.from(await classifier.logits(batch, draw), (value) => expect.closeTo(value, 4) as unknown),
    );
    const step = 1e-3;
    for (let axis = 0; axis < 6; axis++) {
      const moved = (sign: number) =>
        batch.data.map((value, i) => (i % 6 === axis ? value + sign * step : value));
      const [up, down] = [
        await classifier.logits({ ...batch, data: moved(1) }, draw),
        await classifier.logits({ ...batch, data: moved(-1) }, draw),
      ];
      for (let row = 0; row < 7; row++) {
        const slope = [0, 1, 2].reduce(
          (sum, k) => sum + (cotangent[3 * row + k]! * (up[3 * row + k]! - down[3 * row + k]!)) / (2 * step),
          0,
        );
        // A draw that falls between the two points changes the function by a jump.
        if (Math.abs(slope) < 50) expect(gradient[6 * row + axis]).toBeCloseTo(slope, 2);
      }
    }
    await classifier.dispose();
  });
});

const single = Object.entries(NOISES).filter(([name]) => name !== 'RandomNormalLike of columns');

describe('exported for a batch of 1', () => {
  it.each(single)('a model with %s is the same function', async (_, noise) => {
    const batch = randomBatch(5, 7, [6]);
    const [any, one] = [await classifierOf(networkWith(noise)), await classifierOf(networkWith(noise, 1))];
    expect(one.stochastic).toBe(true);
    expect(bits(await one.logits(batch))).toEqual(bits(await any.logits(batch)));
    await Promise.all([any.dispose(), one.dispose()]);
  });

  it('a model whose noise has its batch elsewhere is refused, as nothing says where', async () => {
    const graph = networkWith(NOISES['RandomNormalLike of columns']!, 1);
    await expect(loaded(graph)).rejects.toMatchObject({ key: 'MODEL_INVALID' });
  });

  it('a model that averages over draws of its own is refused, naming the operator', async () => {
    const averaged: Noise = (b, x) =>
      b.add('ReduceMean', [b.add('Add', [x, b.add('RandomNormal', [], { shape: ints([5, 6]) })])], {
        axes: ints([0]),
      });
    await expect(loaded(networkWith(averaged, 1))).rejects.toThrow(
      /operator RandomNormal .*\[5, 6\] leaves no axis for the batch/,
    );
  });
});

describe('the average over draws', () => {
  const COUNT = 4000;
  const x = { ...randomBatch(9, COUNT, [6]), data: new Float32Array(6 * COUNT).fill(0.3) };
  const means = async (noise: Noise): Promise<number[]> => {
    const classifier = await classifierOf(networkWith(noise));
    const logits = await classifier.logits(x);
    await classifier.dispose();
    return [0, 1, 2].map((k) =>
      logits.reduce((sum, value, i) => (i % 3 === k ? sum + value / COUNT : sum), 0),
    );
  };

  it.each<[string, Noise, Noise]>([
    ['Dropout in training mode is Dropout at inference', dropout(true), dropout(false)],
    [
      'normal noise is its mean',
      NOISES['RandomNormalLike']!,
      (b, value) => b.add('Add', [value, b.scalar(0.1)]),
    ],
    [
      'uniform noise is the middle of its range',
      NOISES['RandomUniformLike']!,
      (b, value) => b.add('Mul', [value, b.scalar(1.25)]),
    ],
    [
      'Bernoulli is its probability',
      NOISES['Bernoulli']!,
      (b, value) => b.add('Mul', [value, b.add('Sigmoid', [value])]),
    ],
    [
      'Multinomial is the class its probabilities expect',
      NOISES['Multinomial']!,
      (b, value) => {
        const classes = b.initializer('classes', floatTensor(Float32Array.of(0, 1, 2, 3, 4, 5), [6, 1]));
        return b.add('Add', [value, b.add('MatMul', [b.add('Softmax', [value], { axis: int(1) }), classes])]);
      },
    ],
  ])('of %s', async (_, noise, expectation) => {
    const [found, expected] = [await means(noise), await means(expectation)];
    // Standard deviations of single logits are below 3; five standard errors.
    found.forEach((value, k) =>
      expect(Math.abs(value - expected[k]!)).toBeLessThan((5 * 3) / Math.sqrt(COUNT)),
    );
  });
});

describe('a model that draws', () => {
  it('nothing is not stochastic: Dropout at inference, and noise that the logits do not depend on', async () => {
    for (const noise of [dropout(false), (_b: GraphBuilder, value: string) => value]) {
      const classifier = await classifierOf(networkWith(noise));
      expect(classifier.stochastic).toBe(false);
      await classifier.dispose();
    }
  });

  it('keeps its preprocessing and names its random inputs', async () => {
    const model = await loaded(networkWith(NOISES['RandomNormalLike']!), {
      preprocessing: { mean: 0.5, std: 2 },
    });
    expect(model.randomInputs).toEqual([
      { name: expect.stringContaining('random/') as unknown, shape: [6], distribution: 'normal' },
    ]);
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x', model.randomInputs[0]!.name]);
  });

  it('by a mode known only at run time is refused', async () => {
    const either: Noise = (b, x) => {
      const mode = b.add('Greater', [b.add('ReduceMax', [x], { keepdims: int(0) }), b.scalar(2)]);
      return b.add('Dropout', [x, b.scalar(0.5), mode]);
    };
    await expect(loaded(networkWith(either))).rejects.toThrow(
      /Dropout.*training mode is only known at run time/,
    );
  });
});
