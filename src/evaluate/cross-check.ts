import type { Classifier } from '../classifier/classifier.js';
import type { EngineInfo } from './assemble.js';
import { TINY_MARGIN } from './attack-shard.js';
import type { CompletedCell } from './cell.js';
import { decidingLogits, decisionOf, inMajority, isUndecided, type Decision } from './decisions.js';
import type { Witness } from './job.js';
import { unpackWitnesses } from './witnesses.js';

/** What another engine makes of the adversarial examples of a cell. */
export interface CrossCheck {
  readonly engine: EngineInfo;
  /** Adversarial examples that were looked at: all. */
  readonly examples: number;
  /** Of these, adversarial on the other engine too: right without the attack, and fooled by it. */
  readonly agreeing: number;
  readonly disagreeing: readonly Disagreement[];
}

export interface Disagreement {
  /** Data index. */
  readonly index: number;
  /** The logits that decide differ by less than 1e-4 of their spread, so that rounding alone may have turned them. */
  readonly withinRounding: boolean;
}

/**
 * Verifies the adversarial examples of a cell on another engine.
 * @param bytes the cell's witnesses, null when there are none
 * @param classifier the model of the cell on the other engine
 * @throws GauntletError WITNESS_INVALID
 */
export async function crossCheck(
  cell: CompletedCell,
  bytes: Uint8Array | null,
  classifier: Classifier,
  engine: EngineInfo,
): Promise<CrossCheck> {
  const witnesses = cell.witnesses === null || bytes === null ? [] : unpackWitnesses(bytes, cell.witnesses);
  if (witnesses.length === 0) return { engine, examples: 0, agreeing: 0, disagreeing: [] };
  const decide = async (kind: 'clean' | 'adversarial'): Promise<Decision[]> => {
    const data = new Float32Array(witnesses.length * witnesses[0]![kind].length);
    witnesses.forEach((witness, row) => data.set(witness[kind], row * witness[kind].length));
    const batch = { shape: classifier.input.shape, data, keys: witnesses.map(({ index }) => index) };
    const logits = await decidingLogits(classifier, batch, { seed: cell.seed, purpose: 'judge' });
    return witnesses.map((_witness, row) => decisionOf(logits, row, classifier.numClasses));
  };
  const [clean, adversarial] = [await decide('clean'), await decide('adversarial')];
  const disagreeing = witnesses.flatMap((witness, row): Disagreement[] => {
    const failed = [isRight(witness, clean[row]!), isFooled(witness, adversarial[row]!)].flatMap(
      (holds, i) => (holds ? [] : [[clean, adversarial][i]![row]!]),
    );
    if (failed.length === 0) return [];
    return [{ index: witness.index, withinRounding: failed.every((decision) => isClose(witness, decision)) }];
  });
  const examples = witnesses.length;
  return { engine, examples, agreeing: examples - disagreeing.length, disagreeing };
}

const isRight = ({ label }: Witness, decision: Decision): boolean =>
  !isUndecided(decision) && !inMajority(decision, (predicted) => predicted !== label);

const isFooled = ({ label, target }: Witness, decision: Decision): boolean =>
  !isUndecided(decision) &&
  inMajority(decision, (predicted) => (target < 0 ? predicted !== label : predicted === target));

/** Whether the label, or the target, is all but level with the best of the other classes, in some draw. */
function isClose({ label, target }: Witness, { scores, predicted }: Decision): boolean {
  return scores.some((logits, draw) => {
    if (predicted[draw]! < 0) return false;
    const wanted = target < 0 ? label : target;
    const others = logits.filter((_logit, k) => k !== wanted);
    const gap = Math.abs(logits[wanted]! - Math.max(...others));
    return gap <= TINY_MARGIN * (Math.max(...logits) - Math.min(...logits));
  });
}
