import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int, ints } from '../../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../../src/graph/ir.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { floatTensor, intTensor } from '../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';

function graphOf(dims: readonly Dimension[], build: (builder: GraphBuilder, x: string) => void): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  build(builder, builder.input('x', 'float32', dims));
  return builder.build();
}

/** What is left, after checking that outputs are exactly the same at two batch sizes. */
async function left(graph: Graph): Promise<Graph> {
  const folded = await foldConstants(graph, run);
  expect(await difference(folded, graph, 1)).toBe(0);
  expect(await difference(folded, graph, 4)).toBe(0);
  return folded;
}

describe('foldConstants', () => {
  it('computes what does not depend on the inputs', async () => {
    const graph = graphOf([BATCH, 3], (builder, x) => {
      const w = builder.initializer('w', randomTensor(1, [2, 3]));
      const transposed = builder.add('Transpose', [builder.add('Neg', [w])], { perm: ints([1, 0]) });
      builder.addNamed('MatMul', [x, transposed], 'y');
      builder.output('y', 'float32', [BATCH, 2]);
    });
    const folded = await left(graph);
    expect(ops(folded)).toEqual(['MatMul']);
    expect([...folded.initializers.values()].map(({ dims }) => dims)).toEqual([[3, 2]]);
  });

  it('computes nodes with several outputs, of which some are read', async () => {
    const graph = graphOf([BATCH, 1], (builder, x) => {
      const w = builder.initializer('w', randomTensor(1, [4]));
      const [a, b] = builder.addMany('Split', [w], 2, { axis: int(0) }) as [string, string];
      builder.addNamed('Mul', [x, builder.add('Add', [a, b])], 'y');
      builder.output('y', 'float32', [BATCH, 2]);
    });
    expect(ops(await left(graph))).toEqual(['Mul']);
  });

  it('makes an output that is constant an initializer', async () => {
    const graph = graphOf([BATCH, 2], (builder, x) => {
      builder.addNamed('Neg', [builder.initializer('w', randomTensor(1, [2]))], 'constant');
      builder.addNamed('Neg', [x], 'y');
      builder.output('y', 'float32', [BATCH, 2]);
      builder.output('constant', 'float32', [2]);
    });
    expect((await left(graph)).initializers.has('constant')).toBe(true);
  });

  it('leaves random numbers to be drawn', async () => {
    const graph = graphOf([BATCH, 2], (builder, x) => {
      const noise = builder.add('RandomNormal', [], { shape: ints([2]) });
      builder.addNamed('Add', [x, noise], 'y');
      builder.output('y', 'float32', [BATCH, 2]);
    });
    expect(ops(await foldConstants(graph, run))).toEqual(['RandomNormal', 'Add']);
  });

  it('computes shape arithmetic on fixed dimensions', async () => {
    const graph = graphOf([BATCH, 3, 4], (builder, x) => {
      const width = builder.add('Gather', [builder.add('Shape', [x]), builder.ints([2])]);
      const scale = builder.add('Sqrt', [builder.add('Cast', [width], { to: int(1) })]);
      builder.addNamed('Div', [x, scale], 'y');
      builder.output('y', 'float32', [BATCH, 3, 4]);
    });
    const folded = await left(graph);
    expect(ops(folded)).toEqual(['Div']);
    expect([...folded.initializers.values()]).toEqual([floatTensor(Float32Array.of(2), [1])]);
  });

  it('gives a reshape that follows the batch a constant target', async () => {
    const graph = graphOf([BATCH, 3, 4], (builder, x) => {
      const rows = builder.add('Gather', [builder.add('Shape', [x]), builder.ints([0])]);
      const target = builder.add('Concat', [rows, builder.ints([-1])], { axis: int(0) });
      builder.addNamed('Reshape', [x, target], 'y');
      builder.output('y', 'float32', [BATCH, 12]);
    });
    const folded = await left(graph);
    expect(ops(folded)).toEqual(['Reshape']);
    expect([...folded.initializers.values()]).toEqual([intTensor([-1, 12])]);
  });

  it('leaves what follows the batch alone', async () => {
    const graph = graphOf([BATCH, 3], (builder, x) => {
      const rows = builder.add('Gather', [builder.add('Shape', [x]), builder.ints([0])]);
      const target = builder.add('Concat', [rows, builder.ints([3])], { axis: int(0) });
      const token = builder.initializer('token', randomTensor(2, [1, 3]));
      builder.addNamed('Add', [x, builder.add('Expand', [token, target])], 'y');
      builder.output('y', 'float32', [BATCH, 3]);
    });
    expect(ops(await left(graph))).toEqual(['Shape', 'Gather', 'Concat', 'Expand', 'Add']);
  });

  it('does not take the batch for fixed because a value happens to agree at some sizes', async () => {
    const graph = graphOf([BATCH, 3], (builder, x) => {
      const rows = builder.add('Gather', [builder.add('Shape', [x]), builder.ints([0])]);
      const several = builder.add('Cast', [builder.add('Greater', [rows, builder.ints([1])])], {
        to: int(1),
      });
      builder.addNamed('Add', [x, several], 'y');
      builder.output('y', 'float32', [BATCH, 3]);
    });
    expect(ops(await left(graph))).toContain('Greater');
  });

  it('does not take for a shape what depends on values', async () => {
    const graph = graphOf([BATCH, 3], (builder, x) => {
      const first = builder.add('Slice', [x, builder.ints([0]), builder.ints([1])]);
      const positive = builder.add('NonZero', [builder.add('Greater', [first, builder.scalar(0)])]);
      // How many elements of the first row are positive: the same at every batch size, and yet not fixed.
      const count = builder.add('Gather', [builder.add('Shape', [positive]), builder.ints([1])]);
      const places = builder.add('Range', [
        builder.initializer('zero', intTensor([0], [])),
        builder.add('Squeeze', [count]),
        builder.initializer('one', intTensor([1], [])),
      ]);
      const size = builder.add('Cast', [builder.add('Size', [places])], { to: int(1) });
      builder.addNamed(
        'Mul',
        [x, builder.add('Add', [size, builder.add('Cast', [count], { to: int(1) })])],
        'y',
      );
      builder.output('y', 'float32', [BATCH, 3]);
    });
    expect(ops(await left(graph))).toContain('NonZero');
  });
});
