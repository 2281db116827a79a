import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { prune } from '../../../src/graph/passes/prune.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { difference, ops } from '../../fixtures/engine.js';

function twoHeads(): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 2]);
  const extra = builder.input('extra', 'float32', [BATCH, 2]);
  const w = builder.initializer('w', floatTensor(Float32Array.of(1, 2), [2]));
  const unused = builder.initializer('unused', floatTensor(Float32Array.of(1, 2), [2]));
  const shared = builder.add('Relu', [x]);
  builder.addNamed('Mul', [shared, w], 'a');
  builder.addNamed('Add', [builder.add('Neg', [shared]), extra], 'b');
  builder.add('Sub', [shared, unused]);
  builder.output('a', 'float32', [BATCH, 2]);
  builder.output('b', 'float32', [BATCH, 2]);
  return builder.build();
}

describe('prune', () => {
  it('drops nodes and initializers that no output needs', async () => {
    const graph = twoHeads();
    const pruned = prune(graph);
    expect(ops(pruned)).toEqual(['Relu', 'Mul', 'Neg', 'Add']);
    expect([...pruned.initializers.keys()]).toEqual(['w']);
    expect(await difference(pruned, graph)).toBe(0);
  });

  it('keeps only the outputs asked for, and the inputs they need', () => {
    const pruned = prune(twoHeads(), ['a']);
    expect(ops(pruned)).toEqual(['Relu', 'Mul']);
    expect(pruned.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(pruned.outputs.map(({ name }) => name)).toEqual(['a']);
  });

  it('gives the outputs in the order asked for', () =>
    expect(prune(twoHeads(), ['b', 'a']).outputs.map(({ name }) => name)).toEqual(['b', 'a']));

  it('keeps what a control-flow body captures', () => {
    const body = new GraphBuilder({ name: 'body', opsets: { '': 17 } });
    body.addNamed('Neg', ['captured'], 'negative');
    body.output('negative', 'float32', [2]);
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    const condition = builder.input('condition', 'bool', []);
    builder.addNamed('Relu', [builder.input('x', 'float32', [2])], 'captured');
    const branch = { type: 'graph', value: body.build() } as const;
    builder.addNamed('If', [condition], 'y', { then_branch: branch, else_branch: branch });
    builder.output('y', 'float32', [2]);
    expect(ops(prune(builder.build()))).toEqual(['Relu', 'If']);
  });

  it('refuses an output the graph does not have, naming those it has', () =>
    expect(() => prune(twoHeads(), ['c'])).toThrow(/"c" is not an output of graph "g" \(a, b\)/));
});
