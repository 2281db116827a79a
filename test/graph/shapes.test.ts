import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { inferShapes } from '../../src/graph/shapes.js';
import { run } from '../fixtures/engine.js';
import { randomCnn } from '../fixtures/graphs.js';

const graphOf = (build: (builder: GraphBuilder) => void): Graph => {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  build(builder);
  return builder.build();
};

describe('inferShapes', () => {
  it('finds the shape of every value of a convolutional network', async () => {
    const graph = randomCnn(1);
    const shapes = await inferShapes(graph, run);
    const batch = { batch: 1 };
    const expected = {
      x: [batch, 1, 12, 12],
      w2: [16, 8, 3, 3],
      conv_out: [batch, 8, 12, 12],
      maxpool_out: [batch, 16, 6, 6],
      flatten_out: [batch, 576],
      logits: [batch, 10],
    };
    for (const [name, dims] of Object.entries(expected))
      expect(shapes.get(name)).toEqual({ type: 'float32', dims });
    const all = [...graph.nodes.flatMap(({ outputs }) => outputs), ...graph.initializers.keys(), 'x'];
    expect([...shapes.keys()].sort()).toEqual(all.sort());
  });

  it('tells multiples of the batch and the types of values', async () => {
    const shapes = await inferShapes(
      graphOf((builder) => {
        const x = builder.input('x', 'float32', [BATCH, 4, 5]);
        builder.addNamed('Reshape', [x, builder.ints([-1, 5])], 'rows');
        builder.addNamed('Shape', [x], 'shape');
        builder.addNamed('Greater', ['rows', builder.scalar(0)], 'mask');
        builder.output('mask', 'bool', ['n', 5]);
      }),
      run,
    );
    expect(shapes.get('rows')).toEqual({ type: 'float32', dims: [{ batch: 4 }, 5] });
    expect(shapes.get('shape')).toEqual({ type: 'int64', dims: [3] });
    expect(shapes.get('mask')).toEqual({ type: 'bool', dims: [{ batch: 4 }, 5] });
  });

  it('gives numbers only where no input has an open batch', async () => {
    const shapes = await inferShapes(
      graphOf((builder) => {
        builder.addNamed('Flatten', [builder.input('x', 'float32', [1, 2, 3])], 'y', { axis: int(1) });
        builder.output('y', 'float32', [1, 6]);
      }),
      run,
    );
    expect(shapes.get('y')!.dims).toEqual([1, 6]);
  });

  it('takes several inputs, with and without a batch, of any type', async () => {
    const shapes = await inferShapes(
      graphOf((builder) => {
        const x = builder.input('x', 'float32', [BATCH, 7]);
        const index = builder.input('index', 'int64', [3]);
        builder.addNamed('Gather', [x, index], 'picked', { axis: int(1) });
        builder.output('picked', 'float32', [BATCH, 3]);
      }),
      run,
    );
    expect(shapes.get('picked')!.dims).toEqual([{ batch: 1 }, 3]);
    expect(shapes.get('index')).toEqual({ type: 'int64', dims: [3] });
  });

  it('refuses an input that leaves more than its batch open, naming it', async () => {
    const graph = graphOf((builder) => {
      builder.addNamed('Relu', [builder.input('image', 'float32', [BATCH, 3, 'height', 8])], 'y');
      builder.output('y', 'float32', [BATCH, 3, 'height', 8]);
    });
    await expect(inferShapes(graph, run)).rejects.toMatchObject({
      key: 'SHAPE_INFERENCE',
      message: expect.stringMatching(/"image".*height.*dimension 2/),
    });
  });

  it('refuses a dimension that is neither fixed nor a multiple of the batch, naming the value', async () => {
    const graph = graphOf((builder) => {
      const x = builder.input('x', 'float32', [BATCH, 2]);
      builder.addNamed('Pad', [x, builder.ints([1, 0, 0, 0])], 'padded');
      builder.output('padded', 'float32', ['n', 2]);
    });
    await expect(inferShapes(graph, run)).rejects.toMatchObject({
      key: 'SHAPE_INFERENCE',
      message: expect.stringContaining('"padded" has shape [3, 2] for a batch of 2 and [4, 2] for 3'),
    });
  });

  it('says at which batch the graph does not run', async () => {
    const graph = graphOf((builder) => {
      const x = builder.input('x', 'float32', [BATCH, 3]);
      builder.addNamed('Reshape', [x, builder.ints([2, 3])], 'y');
      builder.addNamed('Slice', ['y', builder.ints([0]), builder.ints([1])], 'z', {});
      builder.output('z', 'float32', [1, 3]);
    });
    await expect(inferShapes(graph, run)).rejects.toMatchObject({
      key: 'SHAPE_INFERENCE',
      message: expect.stringContaining('batch of 3'),
    });
  });
});
