import { describe, expect, it } from '@jest/globals';
import { float, int, ints, string } from '../../src/graph/builder.js';
import { differencesOf, exported, inTfjs } from './exported.js';
import { graphOf, IMAGE, Parts, type Case, type Part } from './parts.js';

const relu = (parts: Parts, x: Part): Part => parts.map(x, 'Relu');
const square = (size: number): readonly number[] => [size, size];

/** What of each operator can be written, beyond what random networks have of it. */
const cases: Readonly<Record<string, Case>> = {
  'Conv with auto_pad SAME_UPPER': (parts, { name }) =>
    parts.to([2, 4, 3], 'Conv', [name, parts.constant([2, 3, 3, 3], 0.3)], {
      strides: ints(square(2)),
      auto_pad: string('SAME_UPPER'),
    }),
  'Conv with auto_pad SAME_LOWER': (parts, { name }) =>
    parts.to([2, 4, 3], 'Conv', [name, parts.constant([2, 3, 3, 3], 0.3)], {
      strides: ints(square(2)),
      auto_pad: string('SAME_LOWER'),
    }),
  'MaxPool with ceil_mode': (parts, x) =>
    parts.to([3, 4, 3], 'MaxPool', [relu(parts, x).name], {
      kernel_shape: ints(square(2)),
      strides: ints(square(2)),
      ceil_mode: int(1),
    }),
  'MaxPool padded as TensorFlow pads, of what may be negative': (parts, x) =>
    parts.to([3, 4, 3], 'MaxPool', [parts.convolution(x, 3).name], {
      kernel_shape: ints(square(2)),
      strides: ints(square(2)),
      pads: ints([0, 0, 1, 0]),
    }),
  'AveragePool padded as TensorFlow pads': (parts, { name }) =>
    parts.to([3, 4, 3], 'AveragePool', [name], {
      kernel_shape: ints(square(2)),
      strides: ints(square(2)),
      pads: ints([0, 0, 1, 0]),
    }),
  'ReduceMean of channels last': (parts, { name }) => {
    const moved = parts.to([7, 6, 3], 'Transpose', [name], { perm: ints([0, 2, 3, 1]) });
    return parts.to([3], 'ReduceMean', [moved.name], { axes: ints([1, -2]), keepdims: int(0) });
  },
  'ReduceMax of a sequence': (parts, { name }) => {
    const rows = parts.to([3, 42], 'Reshape', [name, parts.builder.ints([0, 3, 42])]);
    return parts.to([3, 1], 'ReduceMax', [rows.name], { axes: ints([2]) });
  },
  'MatMul along the last axis of a sequence': (parts, { name }) => {
    const rows = parts.to([18, 7], 'Reshape', [name, parts.builder.ints([0, 18, 7])]);
    return parts.to([18, 2], 'MatMul', [rows.name, parts.constant([7, 2], 0.5)]);
  },
  'Gemm with alpha and beta': (parts, x) => {
    const flat = parts.flatten(x);
    const weight = parts.constant([126, 5], 0.1);
    return parts.to([5], 'Gemm', [flat.name, weight, parts.constant([1, 5])], {
      alpha: float(0.5),
      beta: float(2),
    });
  },
  'LayerNormalization along the last axis': (parts, x) =>
    parts.map(x, 'LayerNormalization', [parts.constant([6]), parts.constant([6])], { axis: int(-1) }),
  'LayerNormalization of a flattened image': (parts, x) => {
    const flat = parts.flatten(parts.convolution(x, 2));
    return parts.map(flat, 'LayerNormalization', [parts.constant(flat.shape)], { epsilon: float(0.01) });
  },
  'PRelu with a slope per element': (parts, x) => parts.map(x, 'PRelu', [parts.constant(x.shape)]),
  'PRelu of a flattened image': (parts, x) => {
    const flat = parts.flatten(x);
    return parts.map(flat, 'PRelu', [parts.constant(flat.shape)]);
  },
  'Gelu as PyTorch writes it': (parts, x) => {
    const gate = parts.map(parts.map(x, 'Div', [parts.builder.scalar(Math.SQRT2)]), 'Erf');
    const product = parts.map(parts.map(gate, 'Add', [parts.builder.scalar(1)]), 'Mul', [x.name]);
    return parts.map(product, 'Mul', [parts.builder.scalar(0.5)]);
  },
  'Gelu as it is read from TensorFlow.js': (parts, given) => {
    const x = parts.convolution(given, 2);
    const gate = parts.map(parts.map(x, 'Mul', [parts.builder.scalar(Math.SQRT1_2)]), 'Erf');
    const half = parts.map(x, 'Mul', [parts.builder.scalar(0.5)]);
    return parts.map(half, 'Mul', [parts.map(gate, 'Add', [parts.builder.scalar(1)]).name]);
  },
  ThresholdedRelu: (parts, x) => parts.map(x, 'ThresholdedRelu', [], { alpha: float(0.5) }),
  LogSoftmax: (parts, x) => parts.map(parts.dense(parts.flatten(x), 5), 'LogSoftmax'),
  'Mean, Sum and Max of three': (parts, x) => {
    const others = [parts.convolution(x, 3).name, parts.convolution(x, 3).name];
    return parts.map(parts.map(parts.map(x, 'Mean', others), 'Sum', others), 'Max', others);
  },
  'Resize, nearest': (parts, { name }) =>
    parts.to([3, 14, 18], 'Resize', [name, '', parts.builder.initializer('scales', floats([1, 1, 2, 3]))], {
      mode: string('nearest'),
      coordinate_transformation_mode: string('asymmetric'),
      nearest_mode: string('floor'),
    }),
  'Resize, bilinear': (parts, { name }) =>
    parts.to([3, 14, 12], 'Resize', [name, '', parts.builder.initializer('scales', floats([1, 1, 2, 2]))], {
      mode: string('linear'),
      coordinate_transformation_mode: string('asymmetric'),
    }),
  'Squeeze and Unsqueeze': (parts, { name }) => {
    const more = parts.to([3, 1, 7, 6], 'Unsqueeze', [name, parts.builder.ints([2])]);
    return parts.to(IMAGE, 'Squeeze', [more.name, parts.builder.ints([2])]);
  },
  'Slice without axes, to the end of the batch': (parts, { name }) => {
    const bounds = [
      [0, 0, 1],
      [2 ** 31 - 1, 3, 2 ** 31 - 1],
    ].map((values) => parts.builder.ints(values));
    return parts.to([3, 6, 6], 'Slice', [name, ...bounds]);
  },
  'a maximum with its own opposite': (parts, x) => parts.map(x, 'Max', [parts.map(x, 'Neg').name]),
  'a difference of a value and itself': (parts, x) => {
    const y = parts.convolution(x, 3);
    return parts.map(parts.map(y, 'Sub', [y.name]), 'Add', [x.name]);
  },
  'an affine map of what another node reads under another name': (parts, x) => {
    const y = parts.convolution(x, 3);
    const moved = parts.map(y, 'Transpose', [], { perm: ints([0, 1, 2, 3]) });
    const mapped = parts.map(moved, 'Mul', [parts.builder.scalar(3)]);
    return parts.map(mapped, 'Add', [y.name]);
  },
};

const floats = (values: readonly number[]) => ({
  type: 'float32' as const,
  dims: [values.length],
  data: Float32Array.from(values),
});

describe('as layers of TensorFlow.js', () => {
  it.each(Object.entries(cases))('%s is the same', async (_name, make) => {
    const { tfjs, readBack } = await differencesOf(graphOf(make));
    expect(Math.max(tfjs, readBack)).toBeLessThan(1e-5);
  });

  it('normalizations and biases are part of the layer before them', async () => {
    const { result } = await exported(
      graphOf((parts, x) => {
        const normal = parts.batchNormalization(parts.convolution(x, 2));
        const product = parts.to([5], 'MatMul', [parts.flatten(normal).name, parts.constant([84, 5], 0.1)]);
        return parts.map(parts.map(product, 'Add', [parts.constant([5])]), 'Relu');
      }),
      'tfjs-layers',
    );
    expect(classesOf(result.files)).toEqual([
      'InputLayer',
      'Conv2D',
      'Flatten',
      'Dense',
      'Activation',
      'Dense',
    ]);
  });

  it('features that the logits do not depend on are a second output', async () => {
    const parts = new Parts(2);
    const x = parts.input(IMAGE);
    const aside = parts.map(parts.dense(parts.flatten(x), 6), 'Tanh');
    const graph = parts.classifier(parts.convolution(x, 2), aside);
    const { tfjs, readBack, result } = await differencesOf(graph, {
      output: 'logits',
      features: aside.name,
    });
    expect(Math.max(tfjs, readBack)).toBeLessThan(1e-5);
    expect((await inTfjs(result)).outputNames).toEqual(['logits', 'features']);
  });

  it('a mean and a deviation per channel are one normalization, also where the first convolution pads', async () => {
    const parts = new Parts(1);
    const x = parts.input([3, 6, 5]);
    const centred = parts.map(x, 'Sub', [parts.constant([3, 1, 1])]);
    const scaled = parts.map(centred, 'Div', [parts.positive([3, 1, 1])]);
    const { tfjs, result } = await differencesOf(parts.classifier(parts.convolution(scaled, 4)));
    expect(tfjs).toBeLessThan(1e-5);
    expect(classesOf(result.files)).toEqual([
      'InputLayer',
      'BatchNormalization',
      'Conv2D',
      'Flatten',
      'Dense',
    ]);
  });
});

function classesOf(files: readonly { readonly name: string; readonly content: Uint8Array }[]): string[] {
  const { content } = files.find(({ name }) => name === 'model.json')!;
  const { modelTopology } = JSON.parse(new TextDecoder().decode(content)) as {
    modelTopology: { config: { layers: { class_name: string }[] } };
  };
  return modelTopology.config.layers.map(({ class_name }) => class_name);
}
