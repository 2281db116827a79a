import { describe, expect, it } from '@jest/globals';
import { runnerOf } from '../../src/engine/runner.js';
import { simplify } from '../../src/classifier/derive.js';
import { GraphBuilder, int, ints } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { intTensor } from '../../src/tensor/tensor.js';
import { engine, loaded } from './loaded.js';

/** A reduction of operator set 18 over axes that are the difference of two constants. */
function withComputedAxes(): Graph {
  const builder = new GraphBuilder({ name: 'computed axes', opsets: { '': 18 } });
  const x = builder.input('x', 'float32', [BATCH, 3, 4, 5]);
  const three = builder.add('Constant', [], { value: { type: 'tensor', value: intTensor([3, 4]) } });
  const axes = builder.add('Sub', [three, builder.ints([2])]);
  const y = builder.add('ReduceMean', [x, axes], { keepdims: int(0) });
  builder.output(y, 'float32', [BATCH, 5]);
  return builder.build();
}

describe('a simplified model', () => {
  it('is in operator set 17 even where that takes the result of a computation', async () => {
    const { opsets, nodes } = await simplify(await loaded(withComputedAxes()), runnerOf(engine));
    expect(opsets).toEqual({ '': 17 });
    expect(nodes.map(({ op, attributes }) => [op, attributes['axes']])).toEqual([
      ['ReduceMean', ints([1, 2])],
    ]);
  });
});
