import type { Classifier } from '../classifier/classifier.js';
import type { ThreatSpec } from '../plugin/threat.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { distance } from '../tensor/norms.js';
import { DISTANCE_TOLERANCE } from '../tensor/repair.js';
import { stagesOf, type CompletedCell } from './cell.js';
import { decidingLogits, decisionOf, inMajority, isUndecided, type Decision } from './decisions.js';
import { threatFor } from './inputs.js';
import type { Witness } from './job.js';
import { applyTransform } from './verify/transform.js';
import { planeGeometry } from './verify/planes.js';
import { unpackWitnesses } from './witnesses.js';

export interface ReplayReport {
  readonly model: string;
  readonly entry: string;
  /** What was verified: the stored adversarial examples, or corrupted images, made again. */
  readonly of: 'witnesses' | 'corrupted-images';
  /** How many there are. */
  readonly witnesses: number;
  readonly verified: number;
  readonly failures: readonly { readonly index: number; readonly reason: string }[];
}

/**
 * Verifies a cell's stored adversarial examples from the files alone: inside the bounds and the threat's set, right on the
 * clean input, and misclassified by the model now.
 * @param classifier the model the cell names, on any engine.
 * @throws GauntletError WITNESS_INVALID when the file is not the one the cell recorded.
 */
export async function replayCell(
  cell: CompletedCell,
  bytes: Uint8Array,
  classifier: Classifier,
): Promise<ReplayReport> {
  const witnesses = cell.witnesses === null ? [] : unpackWitnesses(bytes, cell.witnesses);
  const failures = [...missing(cell, witnesses)];
  for (const witness of witnesses) {
    const reason =
      (await outsideSet(cell, witness, classifier)) ?? (await notFooled(witness, classifier, cell.seed));
    if (reason !== null) failures.push({ index: witness.index, reason });
  }
  const count = witnesses.length;
  return {
    model: cell.model.id,
    entry: cell.entry,
    of: 'witnesses',
    witnesses: count,
    verified: count - failures.length,
    failures,
  };
}

/** Examples the cell calls fooled without a witness to show for it. */
function missing(cell: CompletedCell, witnesses: readonly Witness[]): { index: number; reason: string }[] {
  const shown = new Set(witnesses.map((witness) => witness.index));
  return cell.data.indices.flatMap((index, row) =>
    cell.outcomes[row] === 'f' && !shown.has(index)
      ? [{ index, reason: 'called fooled, but no input is stored' }]
      : [],
  );
}

async function notFooled(witness: Witness, classifier: Classifier, seed: number): Promise<string | null> {
  const batch = {
    shape: classifier.input.shape,
    data: Float32Array.of(...witness.clean, ...witness.adversarial),
    keys: [witness.index, witness.index],
  };
  const logits = await decidingLogits(classifier, batch, { seed, purpose: 'judge' });
  const [clean, adversarial] = [0, 1].map((row) => decisionOf(logits, row, classifier.numClasses)) as [
    Decision,
    Decision,
  ];
  if (isUndecided(clean) || inMajority(clean, (predicted) => predicted !== witness.label))
    return `the clean input is classified ${seen(clean)}, its label is ${witness.label}`;
  if (isUndecided(adversarial)) return 'the logits on the stored input are not finite';
  const reached = inMajority(adversarial, (predicted) =>
    witness.target < 0 ? predicted !== witness.label : predicted === witness.target,
  );
  return reached ? null : `classified ${seen(adversarial)}: not fooled`;
}

/** The classes predicted over the draws. */
const seen = ({ predicted }: Decision): string => [...new Set(predicted)].join(' or ');

/** Why a stored input is not a legal one, or null. */
async function outsideSet(
  cell: CompletedCell,
  witness: Witness,
  classifier: Classifier,
): Promise<string | null> {
  const [lower, upper] = classifier.input.bounds;
  if (!witness.adversarial.every((value) => value >= lower && value <= upper)) {
    return `a value is outside the bounds [${lower}, ${upper}] or not finite`;
  }
  const threat = stagesOf(cell)[witness.stage]?.threat;
  return threat === undefined ? null : CHECKS[threat.kind](threat as never, witness, classifier);
}

type Check<K extends ThreatSpec['kind']> = (
  threat: Extract<ThreatSpec, { kind: K }>,
  witness: Witness,
  classifier: Classifier,
) => Promise<string | null> | string | null;

const CHECKS: { readonly [K in ThreatSpec['kind']]: Check<K> } = {
  lp: ({ norm, epsilon }, { clean, adversarial }) => {
    const measured = distance(norm, adversarial, clean);
    return measured <= epsilon * (1 + DISTANCE_TOLERANCE)
      ? null
      : `${norm} distance ${measured} exceeds ${epsilon}`;
  },
  minimum: () => null,
  box: async (threat, { index, label, clean, adversarial }, { input }) => {
    const batch: LabelledBatch = {
      shape: input.shape,
      data: clean,
      keys: [index],
      labels: Int32Array.of(label),
    };
    const box = await threatFor(threat, batch);
    if (box.kind !== 'box') return null;
    const inside = adversarial.every((value, i) => value >= box.lower[i]! && value <= box.upper[i]!);
    return inside ? null : 'a value is outside the example’s box';
  },
  transform: (_threat, { clean, adversarial, applied }, { input }) => {
    const parameters = [...(applied ?? [])] as [number, number, number];
    const moved = applyTransform(clean, input, parameters, input.bounds[0]);
    return moved.every((value, i) => value === adversarial[i])
      ? null
      : 'is not the clean image transformed as recorded';
  },
  patch: (_threat, { clean, adversarial, applied }, { input }) => {
    const [top, left, side] = [...(applied ?? [])] as [number, number, number];
    const { channels, height, width, at } = planeGeometry(input);
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const inside = y >= top && y < top + side && x >= left && x < left + side;
          if (!inside && clean[at(c, y, x)] !== adversarial[at(c, y, x)])
            return 'changes a pixel outside its square';
        }
    return null;
  },
};
