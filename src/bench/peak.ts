import type { Engine } from '../engine/engine.js';
import { GraphBuilder } from '../graph/builder.js';
import type { Graph } from '../graph/ir.js';
import { keyedStream } from '../random/keyed.js';
import type { Times } from '../results/schema/bench.js';
import { floatTensor, type Tensor } from '../tensor/tensor.js';
import { contender, type Contender } from './turns.js';

/** Rows and columns of the square matrices; which size is fastest depends on the caches. */
const SIZES = [512, 1024];

/** How fast the machine multiplies matrices: the most that a network could reach. */
export interface Peak {
  /** Times one operation, so that the sizes can be compared: milliseconds per billion operations. */
  readonly contender: Contender;
  release(): Promise<void>;
}

/** Matrix products at their fastest, in the engine and with as many threads as the networks. */
export async function peakOf(engine: Engine, threads: number): Promise<Peak> {
  const sessions = await Promise.all(SIZES.map((size) => engine.compile(squareProduct(size), { threads })));
  const products = sessions.map((session, i) => {
    const feeds = { a: randomMatrix(SIZES[i]!, 0) };
    const billions = (2 * SIZES[i]! ** 3) / 1e9;
    return { billions, contender: contender('matrix product', () => session.run(feeds)) };
  });
  // It has a turn between any two others: half a slice is enough.
  const slice = async (milliseconds: number): Promise<Times> => {
    const best = { fastest: Infinity, median: Infinity };
    for (const { billions, contender: product } of products) {
      const { fastest, median } = await product.slice(milliseconds / products.length / 2);
      best.fastest = Math.min(best.fastest, fastest / billions);
      best.median = Math.min(best.median, median / billions);
    }
    return best;
  };
  return {
    contender: { name: 'matrix product', slice },
    release: async () => {
      await Promise.all(sessions.map((session) => session.release()));
    },
  };
}

/**
 * The second factor is a constant, as weights are: the engine packs it once, ahead of the runs. Only one row is handed over,
 * as copying out all of the product would count as multiplying.
 */
function squareProduct(size: number): Graph {
  const builder = new GraphBuilder({ name: 'matrix product', opsets: { '': 17 } });
  const product = builder.add('MatMul', [
    builder.input('a', 'float32', [size, size]),
    builder.initializer('b', randomMatrix(size, 1)),
  ]);
  const row = builder.add('Slice', [product, builder.ints([0]), builder.ints([1]), builder.ints([0])]);
  builder.output(row, 'float32', [1, size]);
  return builder.build();
}

const randomMatrix = (size: number, key: number): Tensor =>
  floatTensor(keyedStream(0, key, 'bench/peak').fillUniform(new Float32Array(size * size), -1, 1), [
    size,
    size,
  ]);
