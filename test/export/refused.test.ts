import { describe, expect, it } from '@jest/globals';
import { float, int, ints } from '../../src/graph/builder.js';
import { exported } from './exported.js';
import { graphOf, type Case } from './parts.js';

const square = (size: number): readonly number[] => [size, size];

/** Softmax over the examples themselves. */
const acrossExamples: Case = (parts, x) => parts.map(x, 'Softmax', [], { axis: int(0) });

const refused: Readonly<Record<string, readonly [Case, string]>> = {
  'an operator that no layer has': [(parts, x) => parts.map(x, 'Erf'), '(Erf)'],
  'a maximum over padding of what may be negative': [
    (parts, x) =>
      parts.to([3, 7, 6], 'MaxPool', [x.name], { kernel_shape: ints(square(3)), pads: ints([1, 2, 1, 0]) }),
    'what it pads may be negative',
  ],
  'another function of the error function': [
    (parts, x) => {
      const gate = parts.map(parts.map(x, 'Mul', [parts.builder.scalar(0.9)]), 'Erf');
      const product = parts.map(parts.map(gate, 'Add', [parts.builder.scalar(1)]), 'Mul', [x.name]);
      return parts.map(product, 'Mul', [parts.builder.scalar(0.5)]);
    },
    '(Erf)',
  ],
  'a product of the error function with another value': [
    (parts, x) => {
      const gate = parts.map(parts.map(x, 'Mul', [parts.builder.scalar(Math.SQRT1_2)]), 'Erf');
      const product = parts.map(parts.map(gate, 'Add', [parts.builder.scalar(1)]), 'Mul', [
        parts.map(x, 'Tanh').name,
      ]);
      return parts.map(product, 'Mul', [parts.builder.scalar(0.5)]);
    },
    '(Erf)',
  ],
  'a quotient of two values': [(parts, x) => parts.map(x, 'Div', [parts.map(x, 'Exp').name]), '(Exp)'],
  'padding by another number than 0': [
    (parts, { name }) =>
      parts.to([3, 9, 6], 'Pad', [
        name,
        parts.builder.ints([0, 0, 1, 0, 0, 0, 1, 0]),
        parts.builder.scalar(1),
      ]),
    'layers pad with zeros alone',
  ],
  'a slice with a step': [
    (parts, { name }) => {
      const bounds = [[0], [7], [2], [2]].map((values) => parts.builder.ints(values));
      return parts.to([3, 4, 6], 'Slice', [name, ...bounds]);
    },
    'its step is not 1',
  ],
  'a product of two values': [
    (parts, { name }) => {
      const moved = parts.to([3, 6, 7], 'Transpose', [name], { perm: ints([0, 1, 3, 2]) });
      return parts.to([3, 7, 7], 'MatMul', [name, moved.name]);
    },
    'input 1 depends on the examples',
  ],
  'an Elu of another slope': [
    (parts, x) => parts.map(x, 'Elu', [], { alpha: float(0.5) }),
    'alpha is 0.5, layers have 1',
  ],
  'a maximum of two values and a constant': [
    (parts, x) => parts.map(x, 'Max', [parts.builder.scalar(0.1), parts.map(x, 'Tanh').name]),
    'input 1 is a constant',
  ],
  'what looks at the whole batch': [acrossExamples, 'it normalises along the batch'],
  'a dilated pooling': [
    (parts, { name }) =>
      parts.to([3, 5, 4], 'MaxPool', [name], { kernel_shape: ints(square(2)), dilations: ints(square(2)) }),
    'it is dilated',
  ],
  'a constant that enlarges': [
    (parts, { name }) => {
      const pooled = parts.to([3, 1, 1], 'GlobalAveragePool', [name]);
      return parts.to([3, 4, 4], 'Add', [pooled.name, parts.constant([3, 4, 4])]);
    },
    'its constant enlarges the value',
  ],
};

describe('refused as layers, with operator and node named, is', () => {
  it.each(Object.entries(refused))('%s', async (_name, [make, reason]) => {
    await expect(exported(graphOf(make), 'tfjs-layers')).rejects.toThrow(
      expect.objectContaining({
        key: 'EXPORT_UNSUPPORTED',
        message: expect.stringMatching(/^node ".+" \(\w+\) cannot be written as layers of TensorFlow\.js: /),
      }),
    );
    await expect(exported(graphOf(make), 'tfjs-layers')).rejects.toThrow(reason);
  });
});
