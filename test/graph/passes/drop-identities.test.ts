import { describe, expect, it } from '@jest/globals';
import { float, GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { dropIdentities } from '../../../src/graph/passes/drop-identities.js';
import { floatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { difference, ops } from '../../fixtures/engine.js';

const bool = (value: number): Tensor => ({ type: 'bool', dims: [], data: Uint8Array.of(value) });

function graphOf(build: (builder: GraphBuilder, x: string) => void, opset = 17): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': opset } });
  build(builder, builder.input('x', 'float32', [BATCH, 3]));
  return builder.build();
}
const dims = [BATCH, 3];

/** What is left, after checking that outputs keep names and values exactly. */
async function left(graph: Graph): Promise<string[]> {
  const dropped = dropIdentities(graph);
  expect(dropped.outputs).toEqual(graph.outputs);
  expect(await difference(dropped, graph)).toBe(0);
  return ops(dropped);
}

describe('dropIdentities', () => {
  it('drops chains of identities between nodes', async () => {
    const graph = graphOf((builder, x) => {
      const chain = builder.add('Identity', [builder.add('Identity', [builder.add('Relu', [x])])]);
      builder.addNamed('Add', [chain, builder.add('Identity', [x])], 'y');
      builder.output('y', 'float32', dims);
    });
    expect(await left(graph)).toEqual(['Relu', 'Add']);
  });

  it('keeps the name of an output that was an identity', async () => {
    const graph = graphOf((builder, x) => {
      const relu = builder.add('Relu', [x]);
      builder.addNamed('Identity', [relu], 'y');
      builder.addNamed('Neg', [relu], 'z');
      builder.output('y', 'float32', dims);
      builder.output('z', 'float32', dims);
    });
    expect(await left(graph)).toEqual(['Relu', 'Neg']);
  });

  it('keeps an identity that names one value twice, or names an input or a constant', async () => {
    const graph = graphOf((builder, x) => {
      builder.addNamed('Relu', [x], 'a');
      builder.addNamed('Identity', ['a'], 'b');
      builder.addNamed('Identity', [x], 'c');
      builder.addNamed('Identity', [builder.initializer('w', floatTensor(Float32Array.of(1, 2), [2]))], 'd');
      for (const name of ['a', 'b', 'c']) builder.output(name, 'float32', dims);
      builder.output('d', 'float32', [2]);
    });
    expect(await left(graph)).toEqual(['Relu', 'Identity', 'Identity', 'Identity']);
  });

  it('keeps the second of two identities that name one value', async () => {
    const graph = graphOf((builder, x) => {
      const relu = builder.add('Relu', [x]);
      builder.addNamed('Identity', [relu], 'a');
      builder.addNamed('Identity', [relu], 'b');
      builder.output('a', 'float32', dims);
      builder.output('b', 'float32', dims);
    });
    expect(await left(graph)).toEqual(['Relu', 'Identity']);
  });

  it.each([7, 11])('drops Dropout of operator set %i', async (opset) => {
    const graph = graphOf((builder, x) => {
      const dropped = builder.add('Dropout', [builder.add('Relu', [x])], { ratio: float(0.5) });
      builder.addNamed('Neg', [dropped], 'y');
      builder.output('y', 'float32', dims);
    }, opset);
    expect(await left(graph)).toEqual(['Relu', 'Neg']);
  });

  it('drops Dropout whose training switch is a constant "no"', async () => {
    const graph = graphOf((builder, x) => {
      const off = builder.initializer('off', bool(0));
      builder.addNamed('Neg', [builder.add('Dropout', [x, builder.scalar(0.5), off])], 'y');
      builder.output('y', 'float32', dims);
    });
    expect(await left(graph)).toEqual(['Neg']);
  });

  it('keeps Dropout that is, or may be, in training, or whose mask is read', () => {
    const training = graphOf((builder, x) => {
      const [on, may] = [builder.initializer('on', bool(1)), builder.input('may', 'bool', [])];
      const a = builder.add('Dropout', [x, builder.scalar(0.5), on]);
      const b = builder.add('Dropout', [a, builder.scalar(0.5), may]);
      const [c, mask] = builder.addMany('Dropout', [b], 2) as [string, string];
      builder.output(c, 'float32', dims);
      builder.output(mask, 'bool', dims);
    });
    expect(ops(dropIdentities(training))).toEqual(['Dropout', 'Dropout', 'Dropout']);
  });
});
