import { int } from '../../../src/graph/builder.js';
import { CLASSES, cnn, graphOf, of, softmax, type Kept } from './parts.js';

/** What models give. */
export const outputKinds: Record<string, Kept> = {
  'logits as a column of pixels': of(
    graphOf((b, x) => b.add('Reshape', [cnn(b, x), b.ints([-1, CLASSES, 1, 1])])),
  ),
  'a Softmax at its end': of(
    graphOf((b, x) => b.add('Softmax', [cnn(b, x)])),
    { from: softmax },
  ),
  'a Softmax and an Identity': of(
    graphOf((b, x) => b.add('Identity', [b.add('Softmax', [cnn(b, x)])])),
    {
      from: softmax,
    },
  ),
  'a Softmax and a Reshape': of(
    graphOf((b, x) => b.add('Reshape', [b.add('Softmax', [cnn(b, x)]), b.ints([-1, 1, CLASSES])])),
    { from: softmax },
  ),
  'a Softmax and a Cast': of(
    graphOf((b, x) => b.add('Cast', [b.add('Softmax', [cnn(b, x)])], { to: int(11) }), {
      outputType: 'float64',
    }),
    { from: softmax },
  ),
  'a LogSoftmax, which stays': of(graphOf((b, x) => b.add('LogSoftmax', [cnn(b, x)], { axis: int(1) }))),
  'a Sigmoid per class, which stays': of(graphOf((b, x) => b.add('Sigmoid', [cnn(b, x)]))),
  'several outputs, the card naming one': of(
    graphOf((b, x) => {
      b.output(b.addNamed('Relu', [cnn(b, x)], 'scores'), 'float32', ['N', CLASSES]);
      return b.add('Tanh', ['scores']);
    }),
    { card: { output: 'scores' }, output: 'scores' },
  ),
  'several outputs, one of them called logits': of(
    graphOf((b, x) => {
      b.output(b.addNamed('Identity', [cnn(b, x)], 'logits'), 'float32', ['N', CLASSES]);
      return b.add('Tanh', ['logits']);
    }),
    { output: 'logits' },
  ),
  'classes beside scores': of(
    graphOf((b, x) => {
      const scores = cnn(b, x);
      b.output(b.add('ArgMax', [scores], { axis: int(1), keepdims: int(0) }), 'int64', ['N']);
      return scores;
    }),
  ),
};
