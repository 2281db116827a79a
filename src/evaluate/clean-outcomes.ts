import type { Classifier } from '../classifier/classifier.js';
import { sha256 } from '../fingerprint.js';
import type { LabelledBatch } from '../tensor/batch.js';
import type { CellSpec, Outcome } from './cell.js';
import { decidingLogits, decisionOf, inMajority, isUndecided } from './decisions.js';

/** Stretches that are remembered: a letter per example each, so about 3 MB. */
const CAPACITY = 8192;

/**
 * Outcomes without attack, which a worker need not find again for every cell of a model: a suite of 75 corruptions would spend
 * half of its passes on them. They are a function of the model, the examples and the seed alone.
 */
export class CleanOutcomes {
  /** Least recently used first, as Map keeps insertion order. */
  private readonly known = new Map<string, readonly Outcome[]>();

  /** The outcomes of a stretch of a cell's examples, which `clean` holds; as cleanOutcomes has it. */
  async of(spec: CellSpec, clean: LabelledBatch, classifier: Classifier): Promise<readonly Outcome[]> {
    const { model, data, seed } = spec;
    const key = sha256(
      [model.sha256, model.ownUnits, model.output, data.fingerprint, data.split, seed, clean.keys].join('|'),
    );
    const outcomes = this.known.get(key) ?? (await cleanOutcomes(classifier, clean, seed));
    this.known.delete(key);
    this.known.set(key, outcomes);
    if (this.known.size > CAPACITY) this.known.delete(this.known.keys().next().value!);
    return outcomes;
  }
}

/**
 * `r` where the model is right on the clean example, `w` where wrong, `i` where its logits are not finite; of a model that draws
 * random numbers by the judge's majority.
 */
async function cleanOutcomes(classifier: Classifier, clean: LabelledBatch, seed: number): Promise<Outcome[]> {
  const logits = await decidingLogits(classifier, clean, { seed, purpose: 'judge' });
  return clean.keys.map((_key, row) => {
    const decision = decisionOf(logits, row, classifier.numClasses);
    if (isUndecided(decision)) return 'i';
    return inMajority(decision, (predicted) => predicted !== clean.labels[row]) ? 'w' : 'r';
  });
}
