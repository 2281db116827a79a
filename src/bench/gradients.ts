import { createClassifier } from '../classifier/engine-classifier.js';
import type { Engine } from '../engine/engine.js';
import { labelledImages } from './images.js';
import { benchModel } from './models.js';

const BATCH_SIZE = 128;
const SECONDS = 0.5;

/** Input gradients per second of the bench's MLP on one engine thread, measured for half a second. */
export async function measureGradients(engine: Engine): Promise<number> {
  const classifier = await createClassifier(await benchModel('mlp', engine), engine, { threads: 1 });
  try {
    const { labels, ...batch } = await labelledImages(classifier, BATCH_SIZE);
    const pass = () => classifier.lossGradient(batch, { labels, loss: 'ce' });
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
