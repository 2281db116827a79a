import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { inlineBranches } from '../../../src/graph/passes/inline-branches.js';
import { intTensor } from '../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../fixtures/engine.js';
import { randomTensor } from '../../fixtures/graphs.js';

/** A branch that captures x; both branches of an If define the same names. */
function branch(name: string, build: (body: GraphBuilder) => string): { type: 'graph'; value: Graph } {
  const body = new GraphBuilder({ name, opsets: { '': 17 } });
  const result = build(body);
  return {
    type: 'graph',
    value: { ...body.build(), outputs: [{ name: result, type: 'float32', dims: [], undeclared: 'shape' }] },
  };
}

/** What depends on whether an axis is 1, for two axes, as an exporter writes it that does not know them: names repeated. */
function undecided(dims: readonly number[]): Graph {
  const builder = new GraphBuilder({ name: 'undecided', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, ...dims]);
  const choose = (value: string, axis: number): string => {
    const size = builder.add('Gather', [builder.add('Shape', [value]), builder.ints([axis])], {
      axis: int(0),
    });
    const condition = builder.add('Squeeze', [builder.add('Equal', [size, builder.ints([1])])]);
    return builder.add('If', [condition], {
      then_branch: branch('then', (body) => body.addNamed('Neg', [value], 'result')),
      else_branch: branch('else', (body) => {
        const scale = body.initializer('scale', randomTensor(3, [1]));
        return body.addNamed('Mul', [value, scale], 'result');
      }),
    });
  };
  const y = choose(choose(x, 1), 2);
  return { ...builder.build(), outputs: [{ name: y, type: 'float32', dims: [], undeclared: 'shape' }] };
}

describe('a branch that is always taken', () => {
  it.each([
    [
      [1, 3],
      ['Neg', 'Identity', 'Mul', 'Identity'],
    ],
    [
      [2, 3],
      ['Mul', 'Identity', 'Mul', 'Identity'],
    ],
    [
      [1, 1],
      ['Neg', 'Identity', 'Neg', 'Identity'],
    ],
  ])('stands in for its If, for examples of shape %j', async (dims, left) => {
    const graph = undecided(dims);
    const folded = await foldConstants(graph, run);
    expect(ops(folded)).toEqual(left);
    for (const batch of [1, 2, 5]) expect(await difference(folded, graph, batch)).toBe(0);
  });

  it('may hold another If', async () => {
    const builder = new GraphBuilder({ name: 'nested', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 2]);
    const yes = builder.initializer('yes', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    const inner = (body: GraphBuilder): string =>
      body.addNamed('If', [yes], 'chosen', {
        then_branch: branch('inner_then', (deep) => deep.addNamed('Neg', ['negated'], 'deep')),
        else_branch: branch('inner_else', (deep) => deep.addNamed('Identity', [x], 'deep')),
      });
    const y = builder.add('If', [yes], {
      then_branch: branch('then', (body) => {
        body.addNamed('Relu', [x], 'negated');
        return inner(body);
      }),
      else_branch: branch('else', (body) => body.addNamed('Identity', [x], 'same')),
    });
    const graph: Graph = { ...builder.build(), outputs: [{ name: y, type: 'float32', dims: [BATCH, 2] }] };
    const folded = await foldConstants(graph, run);
    expect(ops(folded)).toEqual(['Relu', 'Neg', 'Identity', 'Identity']);
    expect(await difference(folded, graph)).toBe(0);
  });

  it('is not chosen where the condition follows the input', async () => {
    const builder = new GraphBuilder({ name: 'open', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 2]);
    const rows = builder.add('Size', [x]);
    const many = builder.add('Greater', [rows, builder.initializer('few', intTensor([4], []))]);
    const y = builder.add('If', [many], {
      then_branch: branch('then', (body) => body.addNamed('Neg', [x], 'negated')),
      else_branch: branch('else', (body) => body.addNamed('Identity', [x], 'same')),
    });
    const graph: Graph = { ...builder.build(), outputs: [{ name: y, type: 'float32', dims: [BATCH, 2] }] };
    const folded = await foldConstants(graph, run);
    expect(ops(folded)).toContain('If');
    for (const batch of [1, 4]) expect(await difference(folded, graph, batch)).toBe(0);
    expect(inlineBranches(folded)).toBe(folded);
  });
});
