import type { Engine, Session } from '../engine/engine.js';
import { GraphBuilder } from '../graph/builder.js';
import type { Graph } from '../graph/ir.js';
import { keyedStream } from '../random/keyed.js';
import { floatTensor, type Tensor } from '../tensor/tensor.js';

/** Rows and columns of the matrices: large enough for full speed, small enough for a fast bench. */
const SIZE = 512;

/** Floating-point operations of one product. */
export const PEAK_FLOPS = 2 * SIZE ** 3;

function squareProduct(): Graph {
  const builder = new GraphBuilder({ name: 'matrix product', opsets: { '': 17 } });
  const product = builder.add('MatMul', [
    builder.input('a', 'float32', [SIZE, SIZE]),
    builder.input('b', 'float32', [SIZE, SIZE]),
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
  const matrix = (key: number): Tensor =>
    floatTensor(keyedStream(0, key, 'bench').fillNormal(new Float32Array(SIZE * SIZE)), [SIZE, SIZE]);
  const feeds = { a: matrix(0), b: matrix(1) };
  return { run: () => session.run(feeds), release: () => session.release() };
}
