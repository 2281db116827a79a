import type { Engine, Session } from '../engine/engine.js';
import { GraphBuilder } from '../graph/builder.js';
import type { Graph } from '../graph/ir.js';
import { keyedStream } from '../random/keyed.js';
import { floatTensor, type Tensor } from '../tensor/tensor.js';

/** Rows and columns of the matrices: large enough for full speed, small enough for a fast bench. */
const SIZE = 1024;

/** Floating-point operations of one product. */
export const PEAK_FLOPS = 2 * SIZE ** 3;

const randomMatrix = (key: number): Tensor =>
  floatTensor(keyedStream(0, key, 'bench').fillNormal(new Float32Array(SIZE * SIZE)), [SIZE, SIZE]);

/** The second factor is a constant, as weights are: the engine packs it once, ahead of the runs. */
function squareProduct(): Graph {
  const builder = new GraphBuilder({ name: 'matrix product', opsets: { '': 17 } });
  const product = builder.add('MatMul', [
    builder.input('a', 'float32', [SIZE, SIZE]),
    builder.initializer('b', randomMatrix(1)),
  ]);
  builder.output(product, 'float32', [SIZE, SIZE]);
  return builder.build();
}

/** A square matrix product, ready to run: what the machine can do at best. */
export async function peakTask(
  engine: Engine,
  threads: number,
): Promise<{ run(): Promise<unknown>; release(): Promise<void> }> {
  const session: Session = await engine.compile(squareProduct(), { threads });
  const feeds = { a: randomMatrix(0) };
  return { run: () => session.run(feeds), release: () => session.release() };
}
