import { GraphBuilder, float, int, ints } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { randomFloats, randomTensor } from '../fixtures/graphs.js';

/**
 * A convolutional network with one of every layer kind of the zoo and its neighbours: strided and grouped convolution,
 * BatchNormalization, SiLU, ReLU, average and max pooling, a residual sum, Clip, Tanh, and a dense layer as MatMul + Add.
 * Input `x` of [batch, 3, 12, 12]; outputs `logits` of `classes` and `features` of 16.
 */
export function layerZoo(seed: number, classes = 5): Graph {
  const builder = new GraphBuilder({ name: 'layer-zoo', opsets: { '': 17 } });
  let salt = 0;
  const tensor = (name: string, dims: number[], scale: number): string =>
    builder.initializer(name, randomTensor(seed * 1000 + salt++, dims, scale));
  const silu = (x: string): string => builder.add('Mul', [x, builder.add('Sigmoid', [x])]);

  const x = builder.input('x', 'float32', [BATCH, 3, 12, 12]);
  const stem = builder.add('Conv', [x, tensor('stem.w', [8, 3, 3, 3], 0.4)], { pads: ints([1, 1, 1, 1]) });
  const positive = floatTensor(
    randomFloats(seed + 77, 8).map((value) => 1.5 + value),
    [8],
  );
  const normalised = builder.add(
    'BatchNormalization',
    [
      stem,
      tensor('bn.scale', [8], 1),
      tensor('bn.shift', [8], 0.3),
      tensor('bn.mean', [8], 0.2),
      builder.initializer('bn.var', positive),
    ],
    { epsilon: float(1e-5) },
  );
  const first = silu(normalised);
  const grouped = builder.add(
    'Conv',
    [first, tensor('grouped.w', [8, 4, 3, 3], 0.3), tensor('grouped.b', [8], 0.1)],
    {
      pads: ints([1, 1, 1, 1]),
      group: int(2),
    },
  );
  const residual = builder.add('Relu', [builder.add('Add', [first, grouped])]);
  const pooled = builder.add('AveragePool', [residual], {
    kernel_shape: ints([2, 2]),
    strides: ints([2, 2]),
  });
  const strided = builder.add(
    'Conv',
    [pooled, tensor('strided.w', [16, 8, 3, 3], 0.3), tensor('strided.b', [16], 0.1)],
    {
      pads: ints([1, 1, 1, 1]),
      strides: ints([2, 2]),
    },
  );
  const clipped = builder.add('Clip', [strided, builder.scalar(-1), builder.scalar(1)]);
  const small = builder.add('MaxPool', [builder.add('Tanh', [clipped])], {
    kernel_shape: ints([3, 3]),
    strides: ints([3, 3]),
  });
  const flat = builder.add('Flatten', [small], { axis: int(1) });
  const features = builder.addNamed('Identity', [flat], 'features');
  const product = builder.add('MatMul', [features, tensor('dense.w', [16, classes], 0.5)]);
  builder.addNamed('Add', [product, tensor('dense.b', [classes], 0.1)], 'logits');
  builder.output('logits', 'float32', [BATCH, classes]);
  builder.output('features', 'float32', [BATCH, 16]);
  return builder.build();
}

/**
 * Sums and softmaxes over rows of five, as attention has them: the engine adds such short rows up in an order that depends
 * on where in memory they start. Input `x` of [batch, 35]; `logits` of 7.
 */
export function shortRows(seed: number): Graph {
  const builder = new GraphBuilder({ name: 'short-rows', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 35]);
  const rows = builder.add('Reshape', [x, builder.ints([-1, 7, 5])]);
  const mixed = builder.add('MatMul', [rows, builder.initializer('w', randomTensor(seed, [5, 5], 2))]);
  const weights = builder.add('Softmax', [mixed], { axis: int(2) });
  const weighted = builder.add('Mul', [builder.add('Tanh', [mixed]), weights]);
  builder.addNamed('ReduceSum', [weighted, builder.ints([2])], 'logits', { keepdims: int(0) });
  builder.output('logits', 'float32', [BATCH, 7]);
  return builder.build();
}
