import fc from 'fast-check';
import { int } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { intTensor } from '../../../../src/tensor/tensor.js';
import type { Random } from '../random.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';
import { axisOf, batched, exampleDims, positions } from './shapes.js';

const front = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Positions on an axis of the given length, drawn at run time, negative ones among them. */
const anywhere =
  (length: number) =>
  (random: Random): number =>
    Math.floor(2 * length * random.uniform()) - length;

/** Bounds from beyond one end to beyond the other, forwards and backwards; at least one element is taken. */
const sliced = exampleDims(3, 1)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      axes: fc.uniqueArray(axisOf(dims.length + 1, 1), {
        minLength: 1,
        maxLength: dims.length,
        selector: (axis) => front(axis, dims.length + 1),
      }),
      bounds: fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(1, 2, 3, -1, -2)), {
        minLength: dims.length,
        maxLength: dims.length,
      }),
      far: fc.boolean(),
    }),
  )
  .map(({ dims, axes, bounds, far }): TestFunction => {
    const size = (i: number): number => batched(dims)[front(axes[i]!, dims.length + 1)] as number;
    const steps = axes.map((_, i) => bounds[i]![1]);
    // A start inside the axis and an end beyond it always take something.
    const starts = axes.map((_, i) => {
      const place = Math.abs(bounds[i]![0]) % size(i);
      return bounds[i]![0] < 0 ? place - size(i) : place;
    });
    const reach = far ? 2 ** 40 : 5;
    const ends = steps.map((step) => (step > 0 ? reach : -reach - 5));
    return {
      name: `Slice of ${dims.join(', ')} on ${axes.join(', ')} from ${starts.join(', ')} by ${steps.join(', ')}`,
      inputs: { x: { dims: batched(dims) } },
      build: (builder) =>
        builder.add('Slice', ['x', ...[starts, ends, axes, steps].map((list) => builder.ints(list))]),
    };
  });

const gathered = exampleDims(3, 1)
  .chain((dims) =>
    fc.tuple(fc.constant(dims), axisOf(dims.length + 1, 1), fc.array(upTo(3), { maxLength: 2 })),
  )
  .chain(([dims, axis, shape]) => {
    const length = batched(dims)[front(axis, dims.length + 1)] as number;
    const count = shape.reduce((product, dim) => product * dim, 1);
    return fc.record({
      ...{
        dims: fc.constant(dims),
        axis: fc.constant(axis),
        shape: fc.constant(shape),
        length: fc.constant(length),
      },
      ...{ indices: positions(length, count), runTime: fc.boolean() },
    });
  })
  .map(({ dims, axis, shape, length, indices, runTime }): TestFunction => ({
    name: `Gather of ${dims.join(', ')} along ${axis}, by ${runTime ? 'indices of' : indices.join(', ')} [${shape.join(', ')}]`,
    inputs: {
      x: { dims: batched(dims) },
      ...(runTime ? { indices: { dims: shape, type: 'int64', sample: anywhere(length) } } : {}),
    },
    build: (builder) => {
      const places = runTime ? 'indices' : builder.initializer('indices', intTensor(indices, shape));
      return builder.add('Gather', ['x', places], { axis: int(axis) });
    },
  }));

const gatheredElements = exampleDims(3, 1)
  .chain((dims) => fc.tuple(fc.constant(dims), axisOf(dims.length + 1, 1), upTo(5)))
  .map(([dims, axis, count]): TestFunction => {
    const place = front(axis, dims.length + 1);
    return {
      name: `GatherElements of ${dims.join(', ')} along ${axis}, ${count} of each line`,
      inputs: {
        x: { dims: batched(dims) },
        indices: {
          dims: batched(dims).with(place, count),
          type: 'int64',
          sample: anywhere(batched(dims)[place] as number),
        },
      },
      build: (builder) => builder.add('GatherElements', ['x', 'indices'], { axis: int(axis) }),
    };
  });

/** Tuples for some of the axes after those that are walked together. */
const gatheredSlices = fc
  .record({ size: upTo(3), rank: upTo(3), together: upTo(2), depth: upTo(3), count: upTo(4) })
  .filter(({ rank, together, depth }) => together + depth <= rank + 1)
  .map(({ size, rank, together, depth, count }): TestFunction => {
    const dims = Array.from({ length: rank }, () => size);
    return {
      name: `GatherND of ${dims.join(', ')}, ${together} axes together, tuples of ${depth}`,
      inputs: {
        x: { dims: batched(dims) },
        indices: {
          dims: [BATCH, ...dims.slice(0, together - 1), count, depth],
          type: 'int64',
          sample: anywhere(size),
        },
      },
      build: (builder) => builder.add('GatherND', ['x', 'indices'], { batch_dims: int(together) }),
    };
  });

const compressed = exampleDims(3, 1)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      axis: axisOf(dims.length + 1, 1),
      kept: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    }),
  )
  .map(({ dims, axis, kept }): TestFunction => {
    const length = batched(dims)[front(axis, dims.length + 1)] as number;
    const condition = Uint8Array.from([1, ...kept].slice(0, length), Number);
    return {
      name: `Compress of ${dims.join(', ')} along ${axis} by ${condition.join(', ')}`,
      inputs: { x: { dims: batched(dims) } },
      build: (builder) => {
        const tensor = { type: 'bool', dims: [condition.length], data: condition } as const;
        return builder.add('Compress', ['x', builder.initializer('kept', tensor)], { axis: int(axis) });
      },
    };
  });

/** Operators that take elements by position. */
export const indexingArbitraries: OperatorArbitraries = {
  Slice: { functions: sliced, runs: 40 },
  Gather: { functions: gathered, runs: 40 },
  GatherElements: { functions: gatheredElements },
  GatherND: { functions: gatheredSlices, runs: 20 },
  Compress: { functions: compressed },
};
