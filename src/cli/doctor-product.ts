import { GraphBuilder } from '../graph/builder.js';
import { floatTensor } from '../tensor/tensor.js';

function product() {
  const builder = new GraphBuilder({ name: 'doctor', opsets: { '': 17 } });
  const inputs = ['a', 'b'].map((name) => builder.input(name, 'float32', [2, 2]));
  builder.output(builder.add('MatMul', inputs), 'float32', [2, 2]);
  return builder.build();
}

/** A matrix product small enough to know by heart. */
export const PRODUCT_CHECK = {
  graph: product(),
  feeds: {
    a: floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2]),
    b: floatTensor(Float32Array.of(5, 6, 7, 8), [2, 2]),
  },
  expected: [19, 22, 43, 50],
} as const;
