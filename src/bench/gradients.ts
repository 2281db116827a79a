import type { Engine } from '../engine/engine.js';
import { elementCount } from '../tensor/tensor.js';
import { benchModel } from './models.js';

const BATCH_SIZE = 128;
const SECONDS = 0.5;

/** Input gradients per second of the zoo's MLP on one engine thread, measured for half a second. */
export async function measureGradients(engine: Engine): Promise<number> {
  const { classifier } = await benchModel('mlp', engine, { threads: 1, batchSize: BATCH_SIZE });
  try {
    const { shape } = classifier.input;
    const keys = Array.from({ length: BATCH_SIZE }, (_value, i) => i);
    const batch = { shape, data: new Float32Array(BATCH_SIZE * elementCount(shape)).fill(0.5), keys };
    const pass = () => classifier.lossGradient(batch, { labels: new Int32Array(BATCH_SIZE), loss: 'ce' });
    await pass();
    const started = performance.now();
    let passes = 0;
    do {
      await pass();
      passes++;
    } while (performance.now() - started < SECONDS * 1000);
    return (passes * BATCH_SIZE * 1000) / (performance.now() - started);
  } finally {
    await classifier.dispose();
  }
}
