import { int, ints } from '../../../src/graph/builder.js';
import { randomTensor } from '../../fixtures/graphs.js';
import { cnn, dense, graphOf, of, one, type Kept } from './parts.js';

/** What models take. */
export const inputKinds: Record<string, Kept> = {
  'channels first, batch axis open': of(graphOf(cnn)),
  'a batch axis of any name': of(graphOf(cnn, { input: ['unk__42', 3, 6, 6] })),
  'every axis open, shape in the card': of(graphOf(cnn, { input: ['a', 'b', 'c', 'd'] }), {
    card: { input: { shape: [3, 6, 6] } },
  }),
  'axes of one name, shape in the card': of(graphOf(cnn, { input: ['n', 'n', 'n', 'n'] }), {
    card: { input: { shape: [3, 6, 6] } },
  }),
  'channels last, transposed at its start': of(
    graphOf((b, x) => cnn(b, b.add('Transpose', [x], { perm: ints([0, 3, 1, 2]) })), {
      input: ['N', 6, 6, 3],
    }),
    { shape: [6, 6, 3], layout: 'NHWC' },
  ),
  'a flat input': of(
    graphOf((b, x) => dense(b, x, 48), { input: ['N', 48] }),
    { shape: [48], layout: 'flat' },
  ),
  'a flat input made an image': of(
    graphOf((b, x) => cnn(b, b.add('Reshape', [x, b.ints([-1, 3, 6, 6])])), { input: ['N', 108] }),
    { shape: [108], layout: 'flat' },
  ),
  'exported for one example, Reshape [1, -1]': of(
    graphOf((b, x) => dense(b, b.add('Reshape', [x, b.ints([1, -1])]), 108), { input: one }),
  ),
  'exported for one example, channels last': of(
    graphOf(
      (b, x) => {
        const chw = b.add('Transpose', [x], { perm: ints([0, 3, 1, 2]) });
        return dense(b, b.add('Reshape', [b.add('Relu', [chw]), b.ints([1, 108])]), 108);
      },
      { input: [1, 6, 6, 3] },
    ),
    { shape: [6, 6, 3], layout: 'NHWC' },
  ),
  'exported for one example, without a batch in its output': of(
    graphOf((b, x) => b.add('Squeeze', [cnn(b, x)]), { input: one }),
  ),
  'exported for one example, with a class token': of(
    graphOf(
      (b, x) => {
        const patches = b.add('Transpose', [b.add('Reshape', [x, b.ints([1, 3, 36])])], {
          perm: ints([0, 2, 1]),
        });
        const token = b.add('Expand', [
          b.initializer('token', randomTensor(8, [1, 1, 3])),
          b.ints([1, 1, 3]),
        ]);
        const tokens = b.add('Concat', [token, patches], { axis: int(1) });
        const scores = b.add('MatMul', [tokens, b.add('Transpose', [tokens], { perm: ints([0, 2, 1]) })]);
        const mixed = b.add('MatMul', [b.add('Softmax', [scores], { axis: int(-1) }), tokens]);
        const first = b.add(
          'Gather',
          [mixed, b.initializer('zero', { type: 'int64', dims: [], data: BigInt64Array.of(0n) })],
          {
            axis: int(1),
          },
        );
        return dense(b, first, 3);
      },
      { input: one },
    ),
  ),
  'an open batch axis that holds a 1 after all': of(
    graphOf((b, x) => dense(b, b.add('Reshape', [x, b.ints([1, 108])]), 108)),
  ),
};
