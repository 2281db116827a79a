import { createClassifier } from '../classifier/engine-classifier.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import type { SessionsReport } from '../results/schema/bench.js';
import { labelledImages } from './images.js';
import { benchModel } from './models.js';
import type { BenchNetworkId } from './networks/index.js';
import { contender, overall, takeTurns, type Pace } from './turns.js';

/**
 * Short passes, so that threads left spinning by one session would still be in the way of the next, and little memory: what
 * several sessions cannot help is that they do not fit into the cache together.
 */
const NETWORK: BenchNetworkId = 'cnn';
const IMAGES = 8;
const COUNT = 4;

/** Times gradients of one session alone, and of several sessions of this process that run in turns. */
export async function measureSessions(options: Pace & { readonly threads: number }): Promise<SessionsReport> {
  const engine = await createOnnxRuntimeEngine();
  const { threads } = options;
  const model = await benchModel(NETWORK, engine);
  const classifiers = await Promise.all(
    Array.from({ length: COUNT }, () => createClassifier(model, engine, { threads })),
  );
  const { labels, ...batch } = await labelledImages(classifiers[0]!, IMAGES);
  const pass = (i: number) => classifiers[i]!.lossGradient(batch, { labels, loss: 'ce' });
  let next = 0;
  const alone = contender('one session', () => pass(0));
  const inTurns = contender('sessions in turns', () => pass(next++ % COUNT));
  try {
    const slices = await takeTurns([alone, inTurns], options);
    const [one, many] = [alone, inTurns].map((which) => overall(slices, which));
    return {
      network: NETWORK,
      count: COUNT,
      alone: one!,
      inTurns: many!,
      ratio: many!.fastest / one!.fastest,
    };
  } finally {
    await Promise.all(classifiers.map((classifier) => classifier.dispose()));
  }
}
