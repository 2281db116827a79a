import fc from 'fast-check';
import { int, ints, string } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';
import { axisOf, batched, exampleDims } from './shapes.js';

const unchanged = (op: string, attributes = {}) =>
  exampleDims(3).map((dims): TestFunction => ({
    name: `${op} at random`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) => builder.add(op, ['x'], attributes),
  }));

const flattened = exampleDims(3)
  .chain((dims) => fc.tuple(fc.constant(dims), fc.integer({ min: -dims.length - 1, max: dims.length + 1 })))
  .map(([dims, axis]): TestFunction => ({
    name: `Flatten of ${dims.length + 1} axes at ${axis}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) => builder.add('Flatten', ['x'], { axis: int(axis) }),
  }));

/** To the same elements in other axes: the batch copied (0), found (-1), or merged with what follows. */
const reshaped = fc
  .record({
    dims: exampleDims(3, 1),
    batch: fc.constantFrom(0, -1),
    grouping: fc.constantFrom<'apart' | 'flat' | 'reversed' | 'merged'>(
      'apart',
      'flat',
      'reversed',
      'merged',
    ),
  })
  .map(({ dims, batch, grouping }): TestFunction => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const rest = {
      apart: [1, ...dims, 1],
      flat: [count],
      reversed: dims.toReversed(),
      merged: dims.slice(1),
    };
    const target = [grouping === 'merged' ? -1 : batch, ...rest[grouping]];
    return {
      name: `Reshape to ${target.join(', ')}`,
      inputs: { x: { dims: batched(dims) } },
      build: (builder) => builder.add('Reshape', ['x', builder.ints(target)]),
    };
  });

const transposed = exampleDims(3)
  .chain((dims) =>
    fc.tuple(
      fc.constant(dims),
      fc.shuffledSubarray([0, ...dims.map((_, i) => i + 1)], { minLength: dims.length + 1 }),
    ),
  )
  .map(([dims, perm]): TestFunction => ({
    name: `Transpose by ${perm.join(', ')}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) => builder.add('Transpose', ['x'], { perm: ints(perm) }),
  }));

const unsqueezed = exampleDims(2)
  .chain((dims) =>
    fc.tuple(
      fc.constant(dims),
      fc.uniqueArray(axisOf(dims.length + 3), {
        minLength: 2,
        maxLength: 2,
        selector: (axis) => (axis + dims.length + 3) % (dims.length + 3),
      }),
    ),
  )
  .map(([dims, axes]): TestFunction => ({
    name: `Unsqueeze at ${axes.join(', ')}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) => builder.add('Unsqueeze', ['x', builder.ints(axes)]),
  }));

/** Axes of 1 at random places; some of them named, or none and a weight's squeezed whole. */
const squeezed = fc
  .record({
    ones: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    named: fc.boolean(),
    back: fc.boolean(),
  })
  .map(({ ones, named, back }): TestFunction => {
    const dims = ones.map((one, i) => (one ? 1 : i + 2));
    const axes = ones.flatMap((one, i) => (one ? [back ? i - dims.length : i + 1] : []));
    return {
      name: `Squeeze of ${dims.join(', ')}`,
      inputs: { x: { dims: batched(dims) }, w: { dims } },
      build: (builder) => {
        const examples = axes.length === 0 ? 'x' : builder.add('Squeeze', ['x', builder.ints(axes)]);
        return named ? examples : builder.add('Mul', [examples, builder.add('Squeeze', ['w'])]);
      },
    };
  });

const blocks = (op: 'DepthToSpace' | 'SpaceToDepth') =>
  fc
    .record({
      block: upTo(3),
      channels: upTo(2),
      size: fc.tuple(upTo(3), upTo(3)),
      mode: fc.constantFrom('DCR', 'CRD'),
    })
    .map(({ block, channels, size: [height, width], mode }): TestFunction => ({
      name: `${op} by ${block}, ${mode}`,
      inputs: {
        x: {
          dims:
            op === 'DepthToSpace'
              ? [BATCH, channels * block ** 2, height, width]
              : [BATCH, channels, height * block, width * block],
        },
      },
      build: (builder) =>
        builder.add(op, ['x'], {
          blocksize: int(block),
          ...(op === 'DepthToSpace' ? { mode: string(mode) } : {}),
        }),
    }));

/** Operators that rename or exchange axes, or leave everything as it is. */
export const reshapingArbitraries: OperatorArbitraries = {
  Identity: { functions: unchanged('Identity'), runs: 5 },
  Dropout: { functions: unchanged('Dropout'), runs: 5 },
  Cast: { functions: unchanged('Cast', { to: int(1) }), runs: 5 },
  Flatten: { functions: flattened },
  Reshape: { functions: reshaped, runs: 25 },
  Transpose: { functions: transposed },
  Unsqueeze: { functions: unsqueezed },
  Squeeze: { functions: squeezed },
  DepthToSpace: { functions: blocks('DepthToSpace') },
  SpaceToDepth: { functions: blocks('SpaceToDepth') },
};
