/** How far a latent space has collapsed to one point per class and to two values per unit. */
export interface LatentSummary {
  /** Scatter within classes over scatter between class means (traces, classes by label); 0 when each class is one point. */
  readonly withinOverBetween: number;
  /**
   * Per unit, the distance of the centres of its two clusters over the clusters' mean standard deviation; the median
   * over units. Clusters are those of the best split in two (least squares). A binary code goes to infinity; a Gaussian has 2.65.
   */
  readonly separation: number;
  /** Fraction of examples whose sign pattern is the most common one of their predicted class. */
  readonly sameCode: number;
}

/** Latent vectors with their classes. */
export interface LatentSample {
  /** n x width, row-major. */
  readonly z: Float32Array;
  readonly width: number;
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
  readonly numClasses: number;
}

/** Separation given to a unit whose two clusters have no spread at all: what float32 can resolve. */
const LARGEST_SEPARATION = 2 ** 24;

/** Summarises a sample of latent vectors, in float64. Units that are constant are left out of the separation. */
export function summariseLatent(sample: LatentSample): LatentSummary {
  return {
    withinOverBetween: scatterRatio(sample),
    separation: medianSeparation(sample),
    sameCode: sameCode(sample),
  };
}

function scatterRatio({ z, width, labels, numClasses }: LatentSample): number {
  const counts = new Float64Array(numClasses);
  const means = new Float64Array(numClasses * width);
  labels.forEach((label, i) => {
    counts[label]! += 1;
    for (let j = 0; j < width; j++) means[label * width + j]! += z[i * width + j]!;
  });
  means.forEach((sum, at) => (means[at] = sum / Math.max(1, counts[Math.floor(at / width)]!)));
  let within = 0;
  labels.forEach((label, i) => {
    for (let j = 0; j < width; j++) within += (z[i * width + j]! - means[label * width + j]!) ** 2;
  });
  let between = 0;
  for (let j = 0; j < width; j++) {
    let centre = 0;
    for (let k = 0; k < numClasses; k++) centre += (counts[k]! * means[k * width + j]!) / labels.length;
    for (let k = 0; k < numClasses; k++) between += counts[k]! * (means[k * width + j]! - centre) ** 2;
  }
  return within / between;
}

function medianSeparation({ z, width, labels }: LatentSample): number {
  const separations = Array.from({ length: width }, (_, j) =>
    separationOf(Float64Array.from(labels, (_label, i) => z[i * width + j]!).sort()),
  ).filter((separation) => separation !== null);
  // Not the mean: a unit that is zero but for one example has an infinite ratio and would decide alone.
  separations.sort((a, b) => a - b);
  const middle = Math.floor(separations.length / 2);
  const upper = separations[middle] ?? 0;
  return separations.length % 2 === 1 ? upper : ((separations[middle - 1] ?? 0) + upper) / 2;
}

/** Best split of ascending values in two: distance of the means over the mean standard deviation; null if constant. */
function separationOf(values: Float64Array): number | null {
  const n = values.length;
  if (values[0] === values[n - 1]) return null;
  let total = 0;
  for (const value of values) total += value;
  let best = { score: -1, size: 0, sum: 0 };
  let sum = 0;
  for (let size = 1; size < n; size++) {
    sum += values[size - 1]!;
    // The scatter between the two parts, to be made largest.
    const score = sum ** 2 / size + (total - sum) ** 2 / (n - size);
    if (score > best.score) best = { score, size, sum };
  }
  const lower = best.sum / best.size;
  const upper = (total - best.sum) / (n - best.size);
  const deviation = (part: Float64Array, mean: number): number =>
    Math.sqrt(part.reduce((squares, value) => squares + (value - mean) ** 2, 0) / part.length);
  const spread =
    (deviation(values.subarray(0, best.size), lower) + deviation(values.subarray(best.size), upper)) / 2;
  return Math.min((upper - lower) / spread, LARGEST_SEPARATION);
}

function sameCode({ z, width, predictions }: LatentSample): number {
  const counts = new Map<number, Map<string, number>>();
  predictions.forEach((prediction, i) => {
    const code = Array.from(z.subarray(i * width, (i + 1) * width), (value) => (value > 0 ? '1' : '0')).join(
      '',
    );
    const codes = counts.get(prediction) ?? new Map<string, number>();
    counts.set(prediction, codes.set(code, (codes.get(code) ?? 0) + 1));
  });
  const agreeing = [...counts.values()].reduce((sum, codes) => sum + Math.max(...codes.values()), 0);
  return agreeing / predictions.length;
}
