import type { Engine } from '../engine/engine.js';
import { GraphBuilder } from '../graph/builder.js';
import { BATCH } from '../graph/ir.js';
import { asClassifier } from '../models/load.js';
import { createClassifier, type EngineClassifier } from './engine-classifier.js';

/**
 * The classifier whose input are the logits themselves. Its loss gradients are the cotangents that a model which is no graph is
 * asked to pull back: every loss, those of plugins too, is then the one that graphs have.
 */
export async function scoresClassifier(engine: Engine, numClasses: number): Promise<EngineClassifier> {
  const builder = new GraphBuilder({ name: 'scores', opsets: { '': 17 } });
  builder.addNamed('Identity', [builder.input('scores', 'float32', [BATCH, numClasses])], 'logits');
  builder.output('logits', 'float32', [BATCH, numClasses]);
  const loaded = await asClassifier(builder.build(), engine);
  return createClassifier({ id: 'scores', sha256: '', bytes: 0, ...loaded }, engine, { threads: 1 });
}
