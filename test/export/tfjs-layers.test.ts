import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { int, ints } from '../../src/graph/builder.js';
import { buildNetwork } from '../../src/models/architectures/network.js';
import { builtInArchitectures, type BackboneSpec } from '../../src/models/architectures/registry.js';
import { openModel } from '../../src/models/model-file.js';
import { listZoo } from '../../src/models/reference.js';
import { keyedStream } from '../../src/random/keyed.js';
import { differencesOf } from './exported.js';
import { Parts, type Part } from './parts.js';

const TOLERANCE = 1e-5;

describe('a model exported as layers', () => {
  it('of the zoo has the logits and the features in TensorFlow.js that it has here', async () => {
    for (const { path, card } of await listZoo()) {
      const file = openModel(path);
      const { tfjs, readBack, result } = await differencesOf(file.graph(), card);
      file.close();
      expect(tfjs).toBeLessThan(TOLERANCE);
      expect(readBack).toBeLessThan(TOLERANCE);
      const { output, features, numClasses, input } = result.card;
      const [channels, ...size] = card.input!.shape!;
      expect({ output, features, numClasses, input }).toEqual({
        output: 'logits',
        features: 'features',
        numClasses: 10,
        input: { shape: [...size, channels], layout: 'NHWC', bounds: [0, 1] },
      });
    }
  });

  /** A network with this backbone and head whose images are 11 x 9. */
  const network = (backbone: BackboneSpec, head: string, channels: number) => {
    const mean = [0.1, 0.2, 0.3].slice(0, channels);
    const std = [0.3, 0.4, 0.5].slice(0, channels);
    const input = { shape: [channels, 11, 9] as const, mean, std };
    const spec = { backbone, head, units: 8, activation: 'silu', input, numClasses: 5 } as const;
    return buildNetwork(spec, (name) => keyedStream(3, 0, name)).graph;
  };
  const CNN = { kind: 'cnn', channels: [4, 6], widths: [20] } as const;
  const RESIDUAL = { kind: 'resnet', depth: 8, widths: [4, 6, 8] } as const;

  it.each<[BackboneSpec, string, number]>([
    ...[...builtInArchitectures.heads.keys()].map((head): [BackboneSpec, string, number] => [CNN, head, 1]),
    [CNN, 'binenc', 3],
    [RESIDUAL, 'linpen', 3],
  ])('of the architecture %j with head %s on %i channels is the same function', async (...which) => {
    const { tfjs, readBack } = await differencesOf(network(...which), {
      output: 'logits',
      features: 'features',
    });
    expect(Math.max(tfjs, readBack)).toBeLessThan(TOLERANCE);
  });
});

type Stage = (parts: Parts, x: Part) => Part;

const image =
  (least: number, stage: Stage): Stage =>
  (parts, x) =>
    Math.min(...x.shape.slice(1)) >= least ? stage(parts, x) : x;

const convolution = fc
  .record({
    channels: fc.integer({ min: 1, max: 5 }),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
  })
  .map(({ channels, ...settings }) => image(5, (parts, x) => parts.convolution(x, channels, settings)));

/** As many groups as channels, or half as many. */
const grouped = fc
  .record({
    multiplier: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    whole: fc.boolean(),
  })
  .map(({ multiplier, dilation, whole }) =>
    image(5, (parts, x) => {
      const even = parts.convolution(x, 4, { kernel: 1, pads: [0, 0, 0, 0] });
      return parts.convolution(even, 4 * multiplier, { dilation, group: whole ? 4 : 2 });
    }),
  );

const activation = fc.constantFrom<Stage[]>(
  ...[
    'Relu',
    'Sigmoid',
    'Tanh',
    'Elu',
    'Selu',
    'Softplus',
    'Softsign',
    'LeakyRelu',
    'HardSigmoid',
    'HardSwish',
    'Abs',
    'Neg',
  ].map(
    (op): Stage =>
      (parts, x) =>
        parts.map(x, op),
  ),
  (parts, x) => parts.silu(x),
  (parts, x) => parts.map(x, 'Clip', [parts.builder.scalar(-0.2), parts.builder.scalar(0.4)]),
  (parts, x) => parts.map(x, 'Max', [parts.builder.scalar(0.1)]),
  (parts, x) => parts.map(x, 'Min', [parts.builder.scalar(0.1)]),
  (parts, x) => parts.map(x, 'PRelu', [parts.constant([x.shape[0]!, 1, 1])]),
  (parts, x) => parts.map(x, 'Softmax', [], { axis: int(1) }),
);

const affine = fc.constantFrom<Stage[]>(
  (parts, x) => parts.batchNormalization(x),
  (parts, x) => parts.map(x, 'Add', [parts.constant([x.shape[0]!, 1, 1])]),
  (parts, x) => parts.map(x, 'Sub', [parts.constant([1, 1, 1, x.shape[2]!])]),
  (parts, x) => parts.map(x, 'Mul', [parts.constant(x.shape)]),
  (parts, x) => parts.map(x, 'Div', [parts.positive([x.shape[1]!, 1])]),
  (parts, x) => ({ ...x, name: parts.builder.add('Sub', [parts.builder.scalar(0.7), x.name]) }),
);

const residual = fc.constantFrom('Add', 'Mul', 'Sub', 'Max').map((op): Stage => (parts, x) => {
  const branch = parts.convolution(x, x.shape[0]!);
  return parts.map(x, op, [parts.batchNormalization(parts.silu(branch)).name]);
});

const window = (stride: number) => ({ kernel_shape: ints([3, 3]), strides: ints([stride, stride]) });
const pooled = ({ shape }: Part, stride: number, padding: number): number[] => [
  shape[0]!,
  ...shape.slice(1).map((size) => Math.floor((size + 2 * padding - 3) / stride) + 1),
];

const pooling = fc
  .record({
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.nat(1),
    counted: fc.nat(1),
    kind: fc.constantFrom('Max', 'Average'),
  })
  .map(({ stride, padding, counted, kind }) =>
    image(4, (parts, x) => {
      // What is below 0 cannot be padded with zeros.
      const from = kind === 'Max' ? parts.map(x, 'Relu') : x;
      return parts.to(pooled(x, stride, padding), `${kind}Pool`, [from.name], {
        ...window(stride),
        pads: ints([padding, padding, padding, padding]),
        ...(kind === 'Average' && { count_include_pad: int(counted) }),
      });
    }),
  );

/** Channels weighed by what is in the whole image. */
const gate: Stage = (parts, x) => {
  const [channels] = x.shape as [number];
  const pooledAll = parts.to([channels, 1, 1], 'GlobalAveragePool', [x.name]);
  const weights = parts.map(
    parts.convolution(pooledAll, channels, { kernel: 1, pads: [0, 0, 0, 0] }),
    'Sigmoid',
  );
  return parts.map(x, 'Mul', [weights.name]);
};

const moving = fc.constantFrom<Stage[]>(
  (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    return parts.to([width, channels, height], 'Transpose', [x.name], { perm: ints([0, 3, 1, 2]) });
  },
  (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    return parts.to([height, channels * width, 1], 'Reshape', [
      x.name,
      parts.builder.ints([0, height, channels * width, 1]),
    ]);
  },
  (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    const other = parts.convolution(x, 2);
    return parts.to([channels + 2, height, width], 'Concat', [x.name, other.name], { axis: int(1) });
  },
  (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    return parts.to([channels + 2, height, width + 1], 'Pad', [
      x.name,
      parts.builder.ints([0, 1, 0, 0, 0, 1, 0, 1]),
    ]);
  },
  image(3, (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    const bounds = [
      [1, 0],
      [height, -1],
      [2, 3],
    ].map((values) => parts.builder.ints(values));
    return parts.to([channels, height - 1, width - 1], 'Slice', [x.name, ...bounds]);
  }),
);

const end = fc.constantFrom<Stage[]>(
  (parts, x) => parts.flatten(x),
  (parts, x) => parts.to([x.shape[0]!], 'ReduceMean', [x.name], { axes: ints([2, 3]), keepdims: int(0) }),
  (parts, x) => parts.to([x.shape[0]!, 1, 1], 'GlobalMaxPool', [x.name]),
  (parts, x) => {
    const [channels, height, width] = x.shape as [number, number, number];
    const sum = parts.builder.add('ReduceSum', [x.name, parts.builder.ints([1, 3])], { keepdims: int(0) });
    const weight = parts.constant([height, 5], 1 / (channels * width));
    return parts.to([5], 'Add', [parts.builder.add('MatMul', [sum, weight]), parts.constant([5])]);
  },
  (parts, x) => {
    const flat = parts.flatten(x);
    const hidden = parts.map(parts.dense(flat, 3), 'Tanh');
    return parts.to([flat.shape[0]! + 3], 'Concat', [flat.name, hidden.name], { axis: int(-1) });
  },
  (parts, x) => {
    const flat = parts.flatten(x);
    return parts.map(parts.map(flat, 'Mul', [parts.constant(flat.shape)]), 'Tanh');
  },
);

describe('a random network exported as layers', () => {
  it('has the logits and the features in TensorFlow.js that it has here', async () => {
    const stage = fc.oneof(
      convolution,
      grouped,
      activation,
      affine,
      residual,
      pooling,
      moving,
      fc.constant(gate),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3),
        fc.integer({ min: 5, max: 8 }),
        fc.integer({ min: 5, max: 8 }),
        fc.array(stage, { minLength: 1, maxLength: 6 }),
        end,
        fc.nat(100),
        async (channels, height, width, stages, last, seed) => {
          const parts = new Parts(seed);
          const middle = stages.reduce((x, next) => next(parts, x), parts.input([channels, height, width]));
          const features = last(parts, middle);
          const graph = parts.classifier(features, features);
          const card = { output: 'logits', features: features.name };
          const { tfjs, readBack } = await differencesOf(graph, card);
          expect(Math.max(tfjs, readBack)).toBeLessThan(TOLERANCE);
        },
      ),
      { numRuns: 15 },
    );
  });
});
