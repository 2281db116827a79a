import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, ints } from '../../../src/graph/builder.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { poolBeforeRelu } from '../../../src/graph/passes/pool-before-relu.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';

const POOLS = {
  tiles: { kernel_shape: ints([2, 2]), strides: ints([2, 2]) },
  'overlapping padded windows': {
    kernel_shape: ints([3, 3]),
    strides: ints([2, 2]),
    pads: ints([1, 1, 1, 1]),
  },
};

function graphOf(build: (builder: GraphBuilder, relu: string) => void): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  build(builder, builder.add('Relu', [builder.input('x', 'float32', [BATCH, 2, 6, 6])]));
  return builder.build();
}

const pooled = (attributes: (typeof POOLS)['tiles']): Graph =>
  graphOf((builder, relu) => {
    builder.addNamed('MaxPool', [relu], 'y', attributes);
    builder.output('y', 'float32', [BATCH, 2, 3, 3]);
  });

/** The gradient of the outputs' product with a random cotangent, on inputs of so few levels that most windows tie. */
async function gradient(graph: Graph): Promise<Float32Array> {
  const builder = new GraphBuilder(graph);
  const cotangent = builder.input('cotangent', 'float32', [BATCH, 2, 3, 3]);
  const { graph: derived, gradients } = differentiate(builder.build(), await inferShapes(graph, run), {
    cotangents: { y: cotangent },
    withRespectTo: ['x'],
  });
  const name = gradients.get('x')!;
  const x = randomTensor(3, [4, 2, 6, 6]);
  const feeds = {
    x: { ...x, data: x.data.map((value) => Math.round(2 * value)) },
    cotangent: randomTensor(4, [4, 2, 3, 3]),
  };
  const outputs = [{ name, type: 'float32', dims: [BATCH, 2, 6, 6] } as const];
  return (await run({ ...derived, outputs }, feeds))[name]!.data as Float32Array;
}

describe('poolBeforeRelu', () => {
  it.each(Object.entries(POOLS))(
    'keeps every bit of values and gradients, ties too, for %s',
    async (_, pool) => {
      const before = pooled(pool);
      const after = poolBeforeRelu(before);
      expect(ops(after)).toEqual(['MaxPool', 'Relu']);
      expect(await difference(after, before)).toBe(0);
      const [expected, found] = [await gradient(before), await gradient(after)];
      expect(expected.some((value) => value !== 0)).toBe(true);
      expect(found.every((value, i) => value === expected[i])).toBe(true);
    },
  );

  it('serves several pools of one Relu', async () => {
    const before = graphOf((builder, relu) => {
      for (const [i, pool] of Object.values(POOLS).entries()) {
        builder.addNamed('MaxPool', [relu], `y${i}`, pool);
        builder.output(`y${i}`, 'float32', [BATCH, 2, 3, 3]);
      }
    });
    const after = poolBeforeRelu(before);
    expect(ops(after)).toEqual(['MaxPool', 'Relu', 'MaxPool', 'Relu']);
    expect(await difference(after, before)).toBe(0);
  });

  it.each<[string, (builder: GraphBuilder, relu: string) => void]>([
    [
      'read elsewhere',
      (builder, relu) => {
        builder.addNamed('MaxPool', [relu], 'y', POOLS.tiles);
        builder.addNamed('Neg', [relu], 'z');
      },
    ],
    [
      'an output of the graph',
      (builder, relu) => {
        builder.addNamed('MaxPool', [relu], 'y', POOLS.tiles);
        builder.output(relu, 'float32', [BATCH, 2, 6, 6]);
      },
    ],
    [
      'pooled with indices, which tell zeros apart',
      (builder, relu) => {
        builder.addMany('MaxPool', [relu], 2, POOLS.tiles);
      },
    ],
  ])('leaves a Relu alone that is %s', (_, build) => {
    const graph = graphOf(build);
    expect(poolBeforeRelu(graph)).toBe(graph);
  });
});
