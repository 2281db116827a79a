import { describe, expect, it } from '@jest/globals';
import { toModelLayout } from '../../src/data/layout.js';
import type { InputSpec } from '../../src/classifier/classifier.js';
import type { LabelledBatch } from '../../src/tensor/batch.js';

const batchOf = (shape: number[], n: number): LabelledBatch => ({
  shape,
  data: Float32Array.from({ length: n * shape.reduce((product, dim) => product * dim, 1) }, (_, i) => i),
  keys: Array.from({ length: n }, (_, i) => 10 + i),
  labels: new Int32Array(n),
});
const input = (shape: number[], layout: InputSpec['layout']): InputSpec => ({
  shape,
  layout,
  bounds: [0, 1],
});

describe('the layout of a model', () => {
  it.each([
    [[1, 28, 28], input([784], 'flat')],
    [[1, 28, 28], input([1, 784, 1], 'NCHW')],
    [[1, 28, 28], input([28, 28, 1], 'NHWC')],
    [[784], input([1, 28, 28], 'NCHW')],
    [[3, 32, 32], input([3, 32, 32], 'NCHW')],
    [[3, 4, 4], input([48], 'flat')],
  ] as const)('is a reshape from (%s) when no axis has to move: %o', (shape, spec) => {
    const batch = batchOf([...shape], 2);
    const moved = toModelLayout(batch, spec);
    expect(moved).toEqual({ ...batch, shape: spec.shape });
  });

  it('is a transpose for several channels last, example by example', () => {
    const batch = batchOf([3, 1, 2], 2);
    const moved = toModelLayout(batch, input([1, 2, 3], 'NHWC'));
    expect(Array.from(moved.data)).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
    expect(moved.keys).toEqual([10, 11]);
    expect(moved.shape).toEqual([1, 2, 3]);
  });

  it.each([
    [[1, 28, 28], input([3, 32, 32], 'NCHW'), '(1, 28, 28)', '(3, 32, 32)'],
    [[3, 4, 2], input([2, 4, 3], 'NHWC'), '(3, 4, 2)', '(2, 4, 3)'],
  ] as const)(
    'cannot be had from (%s) for %o, and the message names both shapes',
    (shape, spec, data, model) => {
      const convert = (): unknown => toModelLayout(batchOf([...shape], 1), spec);
      expect(convert).toThrow(expect.objectContaining({ key: 'INPUT_SHAPE' }));
      expect(convert).toThrow(data);
      expect(convert).toThrow(model);
    },
  );
});
