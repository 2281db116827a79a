import { argmax, type Classifier } from '../../classifier/classifier.js';
import { exampleSize, sliceRow, type Batch, type LabelledBatch } from '../../tensor/batch.js';
import { magnitude } from '../../tensor/norms.js';
import { meanSpread, type MeanSpread } from './mean-spread.js';
import { perElement, type Normalisation, type PerElement } from './normalisation.js';

/**
 * How an image ended: `fooled` lost the class it was given, `unmoved` kept it for all iterations, `blocked` came to where logits
 * are not finite or no gradient is finite and above zero.
 */
type DeepFoolEnd = 'fooled' | 'unmoved' | 'blocked';

/** DeepFool on one image. */
export interface DeepFoolOutcome {
  readonly key: number;
  readonly end: DeepFoolEnd;
  /** Whether the class it is moved away from is the label. */
  readonly cleanCorrect: boolean;
  /** |r|_2 in normalised coordinates, overshoot included; of an image that was not fooled as far as it had come. */
  readonly perturbation: number;
  /** |x|_2 of the image in normalised coordinates. */
  readonly norm: number;
  readonly iterations: number;
}

/** The paper's settings. */
export const DEEPFOOL_PAPER = { candidates: 10, overshoot: 0.02, iterations: 50 } as const;

/**
 * Added to the length of each step, in normalised coordinates, so that it crosses the boundary despite rounding; as in
 * DeepFool's own code.
 */
const EXTRA_LENGTH = 1e-4;

/** An image on its way. */
interface Walk {
  readonly row: number;
  /** The class predicted, to be lost, and the other candidates by descending logit. */
  readonly from: number;
  readonly others: readonly number[];
  /** The image in normalised coordinates, and the way so far without overshoot. */
  readonly origin: Float64Array;
  readonly way: Float64Array;
}

/**
 * The robustness of Sbailo and Ghiringhelli (arXiv:2310.08224), image by image: DeepFool in L2 (Moosavi-Dezfooli, Fawzi,
 * Frossard, CVPR 2016, arXiv:1511.04599, algorithm 2; 10 classes, overshoot 0.02, at most 50 iterations) away from the class
 * predicted, in normalised coordinates and without a box.
 *
 * A measure and no attack: iterates leave the range of images on purpose and no judge looks at them, and a distance found by
 * following gradients is also large where gradients are bad. Steps are taken in float64; the network sees float32.
 * @throws GauntletError GRADIENT_BLOCKED, PARAMETER_INVALID (normalisation that does not fit the input)
 */
export async function deepFoolPaper(
  classifier: Classifier,
  batch: LabelledBatch,
  normalisation: Normalisation,
): Promise<DeepFoolOutcome[]> {
  const scale = perElement(normalisation, classifier.input);
  const outcomes = new Array<DeepFoolOutcome>(batch.keys.length);
  let walks = await startAll(classifier, batch, scale);
  for (let iterations = 0; walks.length > 0; iterations++) {
    const end = (walk: Walk, how: DeepFoolEnd): false => {
      outcomes[walk.row] = outcomeOf(walk, how, batch, iterations);
      return false;
    };
    const logits = await classifier.logits(iteratesOf(walks, batch, scale));
    walks = walks.filter((walk, at) => {
      const predicted = argmax(sliceRow(logits, at, classifier.numClasses));
      if (predicted === -1) return end(walk, 'blocked');
      if (predicted !== walk.from) return end(walk, 'fooled');
      return iterations < DEEPFOOL_PAPER.iterations || end(walk, 'unmoved');
    });
    const steps = await stepsOf(walks, classifier, batch, scale);
    walks = walks.filter((walk, at) => {
      const step = steps[at];
      if (!step) return end(walk, 'blocked');
      for (let i = 0; i < step.length; i++) walk.way[i]! += step[i]!;
      return true;
    });
  }
  return outcomes;
}

async function startAll(
  classifier: Classifier,
  batch: LabelledBatch,
  { mean, std }: PerElement,
): Promise<Walk[]> {
  const logits = await classifier.logits(batch);
  return batch.keys.map((_key, row) => {
    const scores = sliceRow(logits, row, classifier.numClasses);
    const ranking = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    const image = sliceRow(batch.data, row, exampleSize(batch));
    return {
      row,
      from: ranking[0]!,
      others: ranking.slice(1, DEEPFOOL_PAPER.candidates),
      origin: Float64Array.from(image, (value, i) => (value - mean[i]!) / std[i]!),
      way: new Float64Array(image.length),
    };
  });
}

/** x0 + (1 + overshoot) r, in the model's own units. */
function iteratesOf(walks: readonly Walk[], batch: Batch, { mean, std }: PerElement): Batch {
  const size = exampleSize(batch);
  const data = new Float32Array(walks.length * size);
  for (const [at, { origin, way }] of walks.entries()) {
    for (let i = 0; i < size; i++) {
      const value = origin[i]! + (1 + DEEPFOOL_PAPER.overshoot) * way[i]!;
      data[at * size + i] = value * std[i]! + mean[i]!;
    }
  }
  return { shape: batch.shape, data, keys: walks.map(({ row }) => batch.keys[row]!) };
}

/** For each image the step onto the nearest linearised boundary: (|f| + 1e-4) w / |w|; null where no gradient shows a way. */
async function stepsOf(
  walks: readonly Walk[],
  classifier: Classifier,
  batch: Batch,
  scale: PerElement,
): Promise<(Float64Array | null)[]> {
  const { numClasses } = classifier;
  const size = exampleSize(batch);
  const iterates = iteratesOf(walks, batch, scale);
  const nearest = walks.map((): { length: number; step: Float64Array | null } => ({
    length: Infinity,
    step: null,
  }));
  const candidates = walks[0]?.others.length ?? 0;
  for (let rank = 0; rank < candidates; rank++) {
    const cotangent = new Float32Array(walks.length * numClasses);
    for (const [at, { from, others }] of walks.entries()) {
      cotangent[at * numClasses + others[rank]!] = 1;
      cotangent[at * numClasses + from] = -1;
    }
    const { logits, gradient } = await classifier.vjp(iterates, cotangent);
    for (const [at, { from, others }] of walks.entries()) {
      const scores = sliceRow(logits, at, numClasses);
      // With respect to the normalised image: x = x' std + mean.
      const slope = Float64Array.from(sliceRow(gradient, at, size), (value, i) => value * scale.std[i]!);
      const steepness = magnitude('l2', slope);
      const length = Math.abs(scores[others[rank]!]! - scores[from]!) / steepness;
      if (!(steepness > 0 && steepness < Infinity && length < nearest[at]!.length)) continue;
      nearest[at] = { length, step: slope.map((value) => ((length + EXTRA_LENGTH) * value) / steepness) };
    }
  }
  return nearest.map(({ step }) => step);
}

function outcomeOf(
  { row, from, origin, way }: Walk,
  end: DeepFoolEnd,
  { keys, labels }: LabelledBatch,
  iterations: number,
): DeepFoolOutcome {
  const perturbation = (1 + DEEPFOOL_PAPER.overshoot) * magnitude('l2', way);
  const norm = magnitude('l2', origin);
  return { key: keys[row]!, end, cleanCorrect: labels[row] === from, perturbation, norm, iterations };
}

/** The paper's figure, and what it hides. */
export interface DeepFoolSummary {
  readonly n: number;
  readonly cleanCorrect: number;
  /** Images by how they ended; the failure rate is the share that was not fooled. */
  readonly fooled: number;
  readonly unmoved: number;
  readonly blocked: number;
  readonly failureRate: number;
  /**
   * Mean and spread of |r| / |x| over all images, as in the paper; those that were not fooled count with the way they had
   * come.
   */
  readonly all: MeanSpread | null;
  /** Over images that were right and then fooled only. */
  readonly correctAndFooled: MeanSpread | null;
  /** Images that are zero in normalised coordinates: they have no ratio and are in no mean. */
  readonly zero: number;
}

/** @param outcomes of at least one image */
export function summariseDeepFool(outcomes: readonly DeepFoolOutcome[]): DeepFoolSummary {
  const n = outcomes.length;
  const count = (has: (outcome: DeepFoolOutcome) => boolean) => outcomes.filter(has).length;
  const ratios = (some: readonly DeepFoolOutcome[]) =>
    meanSpread(some.filter(({ norm }) => norm > 0).map(({ perturbation, norm }) => perturbation / norm));
  const fooled = count(({ end }) => end === 'fooled');
  return {
    ...{ n, fooled },
    cleanCorrect: count(({ cleanCorrect }) => cleanCorrect),
    unmoved: count(({ end }) => end === 'unmoved'),
    blocked: count(({ end }) => end === 'blocked'),
    failureRate: (n - fooled) / n,
    all: ratios(outcomes),
    correctAndFooled: ratios(outcomes.filter(({ end, cleanCorrect }) => cleanCorrect && end === 'fooled')),
    zero: count(({ norm }) => norm === 0),
  };
}
