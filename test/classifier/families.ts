import { GraphBuilder, float, int, ints } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { randomCnn, randomFloats, randomMlp, randomTensor } from '../fixtures/graphs.js';
import { layerZoo, shortRows } from './networks.js';

/** A small network of a family, with the shape of its examples. */
export interface Family {
  readonly graph: Graph;
  readonly shape: readonly number[];
  readonly classes: number;
}

/** Builds a layer's nodes and weights; weights are drawn from the seed in the order they are asked for. */
class Layers {
  readonly builder: GraphBuilder;
  private salt = 0;

  constructor(
    name: string,
    private readonly seed: number,
  ) {
    this.builder = new GraphBuilder({ name, opsets: { '': 17 } });
  }

  weight(dims: readonly number[], scale: number): string {
    return this.builder.initializer('w', randomTensor(this.seed * 1000 + this.salt++, dims, scale));
  }

  positive(size: number): string {
    const values = randomFloats(this.seed * 1000 + this.salt++, size).map((value) => 1.5 + value);
    return this.builder.initializer('v', floatTensor(values, [size]));
  }

  conv(x: string, from: number, to: number, kernel = 3, { stride = 1, group = 1 } = {}): string {
    const weights = this.weight([to, from / group, kernel, kernel], Math.sqrt((3 * group) / from) / kernel);
    const pad = (kernel - 1) / 2;
    return this.builder.add('Conv', [x, weights, this.weight([to], 0.1)], {
      pads: ints([pad, pad, pad, pad]),
      strides: ints([stride, stride]),
      group: int(group),
    });
  }

  norm(x: string, channels: number): string {
    return this.builder.add(
      'BatchNormalization',
      [
        x,
        this.weight([channels], 1),
        this.weight([channels], 0.3),
        this.weight([channels], 0.2),
        this.positive(channels),
      ],
      { epsilon: float(1e-5) },
    );
  }

  dense(x: string, from: number, to: number): string {
    const product = this.builder.add('MatMul', [x, this.weight([from, to], Math.sqrt(3 / from))]);
    return this.builder.add('Add', [product, this.weight([to], 0.1)]);
  }

  /** Ends the network with scores of `classes`. */
  finish(x: string, from: number, shape: readonly number[], classes = 5): Family {
    this.builder.addNamed('Identity', [this.dense(x, from, classes)], 'logits');
    this.builder.output('logits', 'float32', [BATCH, classes]);
    return { graph: this.builder.build(), shape, classes };
  }
}

/** Two residual blocks with batch normalisation, the second with stride, and a global average pool. */
function residual(seed: number): Family {
  const layers = new Layers('residual', seed);
  const { builder } = layers;
  const shape = [3, 10, 10];
  const relu = (x: string) => builder.add('Relu', [x]);
  const block = (x: string, from: number, to: number, stride: number): string => {
    const first = relu(layers.norm(layers.conv(x, from, to, 3, { stride }), to));
    const second = layers.norm(layers.conv(first, to, to), to);
    return relu(builder.add('Add', [second, from === to ? x : layers.conv(x, from, to, 1, { stride })]));
  };
  const stem = relu(layers.norm(layers.conv(builder.input('x', 'float32', [BATCH, ...shape]), 3, 8), 8));
  const pooled = builder.add('GlobalAveragePool', [block(block(stem, 8, 8, 1), 8, 16, 2)]);
  return layers.finish(builder.add('Flatten', [pooled], { axis: int(1) }), 16, shape);
}

/** One transformer block of two heads over nine patches, layer-normalised, its tokens averaged. */
function transformer(seed: number): Family {
  const layers = new Layers('transformer', seed);
  const { builder } = layers;
  const [tokens, width, heads] = [9, 12, 2];
  const shape = [3, 12, 12];
  const norm = (x: string) =>
    builder.add('LayerNormalization', [x, layers.weight([width], 1), layers.weight([width], 0.2)], {
      axis: int(-1),
    });
  const x = builder.input('x', 'float32', [BATCH, ...shape]);
  const patches = builder.add('Conv', [x, layers.weight([width, 3, 4, 4], 0.3)], { strides: ints([4, 4]) });
  const flat = builder.add('Reshape', [patches, builder.ints([0, width, tokens])]);
  const embedded = builder.add('Add', [
    builder.add('Transpose', [flat], { perm: ints([0, 2, 1]) }),
    layers.weight([1, tokens, width], 0.3),
  ]);
  const normed = norm(embedded);
  const head = (perm: readonly number[]) =>
    builder.add(
      'Transpose',
      [
        builder.add('Reshape', [
          layers.dense(normed, width, width),
          builder.ints([0, tokens, heads, width / heads]),
        ]),
      ],
      { perm: ints(perm) },
    );
  const scores = builder.add('MatMul', [head([0, 2, 1, 3]), head([0, 2, 3, 1])]);
  const attention = builder.add('Softmax', [builder.add('Mul', [scores, builder.scalar(0.4)])], {
    axis: int(-1),
  });
  const mixed = builder.add('Transpose', [builder.add('MatMul', [attention, head([0, 2, 1, 3])])], {
    perm: ints([0, 2, 1, 3]),
  });
  const joined = builder.add('Reshape', [mixed, builder.ints([0, tokens, width])]);
  const attended = builder.add('Add', [embedded, layers.dense(joined, width, width)]);
  const inner = layers.dense(norm(attended), width, 2 * width);
  const gate = builder.add('Add', [
    builder.add('Erf', [builder.add('Mul', [inner, builder.scalar(Math.SQRT1_2)])]),
    builder.scalar(1),
  ]);
  const gelu = builder.add('Mul', [builder.add('Mul', [inner, gate]), builder.scalar(0.5)]);
  const block = builder.add('Add', [attended, layers.dense(gelu, 2 * width, width)]);
  return layers.finish(
    builder.add('ReduceMean', [norm(block)], { axes: ints([1]), keepdims: int(0) }),
    width,
    shape,
  );
}

/** Inverted residual with depthwise convolution, hard swish and squeeze-and-excitation. */
function mobile(seed: number): Family {
  const layers = new Layers('mobile', seed);
  const { builder } = layers;
  const shape = [3, 12, 12];
  const swish = (x: string) => builder.add('HardSwish', [x]);
  const stem = swish(layers.conv(builder.input('x', 'float32', [BATCH, ...shape]), 3, 8, 3, { stride: 2 }));
  const wide = swish(layers.conv(stem, 8, 24, 1));
  const deep = swish(layers.conv(wide, 24, 24, 5, { group: 24 }));
  const squeezed = builder.add('Relu', [layers.conv(builder.add('GlobalAveragePool', [deep]), 24, 6, 1)]);
  const excited = builder.add('Mul', [deep, builder.add('HardSigmoid', [layers.conv(squeezed, 6, 24, 1)])]);
  const sum = builder.add('Add', [stem, layers.conv(excited, 24, 8, 1)]);
  const mean = builder.add('ReduceMean', [sum], { axes: ints([2, 3]), keepdims: int(0) });
  return layers.finish(mean, 8, shape);
}

/** Instance normalisation, then means over rows of seven and five: every sum is short and starts anywhere. */
function shortMeans(seed: number): Family {
  const layers = new Layers('short-means', seed);
  const { builder } = layers;
  const shape = [3, 7, 5];
  const x = builder.input('x', 'float32', [BATCH, ...shape]);
  const normed = builder.add('InstanceNormalization', [x, layers.positive(3), layers.weight([3], 0.3)]);
  const rows = builder.add('ReduceMean', [builder.add('Tanh', [normed])], {
    axes: ints([3]),
    keepdims: int(0),
  });
  return layers.finish(builder.add('Flatten', [rows], { axis: int(1) }), 21, shape);
}

/** Sums of the raw input itself, over rows that begin at every alignment. */
function sumsOfInput(seed: number): Family {
  const layers = new Layers('sums-of-input', seed);
  const { builder } = layers;
  const x = builder.input('x', 'float32', [BATCH, 3, 11]);
  const sums = builder.add('ReduceSum', [x, builder.ints([2])], { keepdims: int(0) });
  return layers.finish(builder.add('Sigmoid', [sums]), 3, [3, 11]);
}

/** Sums over channels: the engine adds them up differently for one row than for several. */
function channelSums(seed: number): Family {
  const layers = new Layers('channel-sums', seed);
  const { builder } = layers;
  const shape = [8, 8, 8];
  const x = builder.add('Tanh', [layers.conv(builder.input('x', 'float32', [BATCH, ...shape]), 8, 16)]);
  const sums = builder.add('ReduceSum', [x, builder.ints([1])], { keepdims: int(0) });
  return layers.finish(builder.add('Flatten', [sums], { axis: int(1) }), 64, shape);
}

/** A plain convolution of 30 channels: the engine splits its sums by the number of threads. */
function splitSums(seed: number): Family {
  const layers = new Layers('split-sums', seed);
  const { builder } = layers;
  const shape = [30, 9, 9];
  const x = builder.add('Relu', [layers.conv(builder.input('x', 'float32', [BATCH, ...shape]), 30, 20)]);
  return layers.finish(
    builder.add('Flatten', [builder.add('GlobalAveragePool', [x])], { axis: int(1) }),
    20,
    shape,
  );
}

/** A perceptron whose activation the engine computes by one formula in packets and by another for what is left over. */
function packets(seed: number, activation: string, width: number): Family {
  const layers = new Layers(`${activation}-${width}`, seed);
  const { builder } = layers;
  const hidden = layers.dense(builder.input('x', 'float32', [BATCH, 12]), 12, width);
  return layers.finish(
    builder.add(activation, [builder.add('Mul', [hidden, builder.scalar(3)])]),
    width,
    [12],
  );
}

/** Families of classifiers, among them one for each way in which an engine's kernels mind their rows' company. */
export const families: Readonly<Record<string, (seed: number) => Family>> = {
  perceptron: (seed) => ({ graph: randomMlp(seed, [40, 30, 10]), shape: [40], classes: 10 }),
  convolutional: (seed) => ({ graph: randomCnn(seed), shape: [1, 12, 12], classes: 10 }),
  'every layer of the zoo': (seed) => ({ graph: layerZoo(seed), shape: [3, 12, 12], classes: 5 }),
  residual,
  transformer,
  mobile,
  'sums over short rows': (seed) => ({ graph: shortRows(seed), shape: [35], classes: 7 }),
  'means over short rows': shortMeans,
  'sums of the input': sumsOfInput,
  'sums over channels': channelSums,
  'sums split between threads': splitSums,
  'Elu, odd width': (seed) => packets(seed, 'Elu', 5),
  'Softplus, odd width': (seed) => packets(seed, 'Softplus', 13),
  'Softplus, many elements': (seed) => packets(seed, 'Softplus', 2032),
};
