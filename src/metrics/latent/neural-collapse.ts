import { classMeans, type ClassMeans } from './class-means.js';
import { meanSpread } from './mean-spread.js';
import type { LatentPoints } from './points.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * Whose classes: `papyan` takes the true labels and is meant for the training set (Papyan, Han, Donoho 2020), `paper` the
 * predicted ones and is meant for the test set (Sbailo and Ghiringhelli, arXiv 2310.08224).
 */
export type CollapseDefinition = 'papyan' | 'paper';

/**
 * How far classes have collapsed onto the vertices of a simplex. Null where there are too few classes, or one lies on the
 * centre.
 */
export interface NeuralCollapse {
  readonly definition: CollapseDefinition;
  /** Classes C that have examples. */
  readonly classes: number;
  /** Classes without an example, left out. */
  readonly empty: number;
  /** Dimensions that the class means span: C - 1 at most. */
  readonly rank: number;
  /** NC1: tr(S_w pinv(S_b)) / C; 0 when every class is one point. */
  readonly withinClass: number | null;
  /** Spread of the lengths of the class means: std(|m_c|) / mean(|m_c|); 0 in a simplex. */
  readonly equinorm: number | null;
  /** Standard deviation over pairs of classes of cos(m_c, m_c'); 0 in a simplex. */
  readonly equiangular: number | null;
  /** Mean over pairs of |cos(m_c, m_c') + 1 / (C - 1)|; 0 in a simplex, whose angles are as wide as they can be. */
  readonly maxAngle: number | null;
  /** Spread of the distances between class means: std over pairs / mean over pairs; 0 in a simplex. */
  readonly distanceSpread: number | null;
}

/**
 * Eigenvalues of S_b below this share of the largest count as zero. The rounding of float32 features leaves about 1e-15 in the
 * directions that centring takes away; NC1 divides by what is kept.
 */
const RANK_TOLERANCE = 1e-12;

/**
 * Neural collapse, in float64: V. Papyan, X. Y. Han, D. L. Donoho, "Prevalence of neural collapse during the terminal phase of
 * deep learning training", PNAS 117 (2020), arXiv:2008.08186, section "Neural collapse". With m_c the mean of class c less the
 * mean over all examples, S_w the mean over examples of (z - mean of its class)(...)^T and S_b the mean over classes of m_c
 * m_c^T. Standard deviations are those of the population.
 */
export function neuralCollapse(points: LatentPoints, definition: CollapseDefinition): NeuralCollapse {
  const owner = definition === 'papyan' ? points.labels : points.predictions;
  const means = classMeans(points, owner);
  const { classes, empty } = means;
  const centred = Float64Array.from(means.means, (value, at) => value - means.centre[at % points.width]!);
  const between = scatterBetween(centred, classes.length, points.width);
  const geometry = geometryOf(centred, classes.length, points.width);
  return {
    ...{ definition, classes: classes.length, empty, rank: between.lengths.length },
    withinClass: withinClass(points, owner, means, between),
    ...geometry,
  };
}

/** S_b = sum over k of length_k u_k u_k^T. */
interface Between {
  readonly lengths: readonly number[];
  /** u_k, of length 1. */
  readonly directions: readonly Float64Array[];
}

/**
 * S_b = M^T M / C for the C x width matrix M of class means has the eigenvalues of the C x C matrix M M^T / C, which is small.
 */
function scatterBetween(centred: Float64Array, count: number, width: number): Between {
  const gram = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) gram[a * count + b] = dot(centred, a, b, width) / count;
  }
  const { values, vectors } = symmetricEigen(gram, count);
  const lengths = [...values].filter((value) => value > 0 && value > RANK_TOLERANCE * values[0]!);
  const directions = lengths.map((length, k) => {
    const direction = new Float64Array(width);
    for (let c = 0; c < count; c++) {
      const share = vectors[k * count + c]! / Math.sqrt(count * length);
      for (let j = 0; j < width; j++) direction[j]! += share * centred[c * width + j]!;
    }
    return direction;
  });
  return { lengths, directions };
}

/** tr(S_w pinv(S_b)) / C = sum over k of the variance within classes along u_k over length_k, over C. */
function withinClass(
  { z, width }: LatentPoints,
  owner: Int32Array,
  { classes, place, means }: ClassMeans,
  { lengths, directions }: Between,
): number | null {
  if (lengths.length === 0) return null;
  const squares = new Float64Array(lengths.length);
  const deviation = new Float64Array(width);
  for (let i = 0; i < owner.length; i++) {
    const mean = place[owner[i]!]! * width;
    for (let j = 0; j < width; j++) deviation[j] = z[i * width + j]! - means[mean + j]!;
    for (let k = 0; k < directions.length; k++) {
      const direction = directions[k]!;
      let along = 0;
      for (let j = 0; j < width; j++) along += direction[j]! * deviation[j]!;
      squares[k]! += along * along;
    }
  }
  const trace = lengths.reduce((sum, length, k) => sum + squares[k]! / owner.length / length, 0);
  return trace / classes.length;
}

type Geometry = Pick<NeuralCollapse, 'equinorm' | 'equiangular' | 'maxAngle' | 'distanceSpread'>;

/** Lengths, angles and distances of the class means. */
function geometryOf(centred: Float64Array, count: number, width: number): Geometry {
  if (count < 2) return { equinorm: null, equiangular: null, maxAngle: null, distanceSpread: null };
  const norms = Array.from({ length: count }, (_, c) => Math.sqrt(dot(centred, c, c, width)));
  const [cosines, distances]: [number[], number[]] = [[], []];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      cosines.push(dot(centred, a, b, width) / (norms[a]! * norms[b]!));
      let squares = 0;
      for (let j = 0; j < width; j++) squares += (centred[a * width + j]! - centred[b * width + j]!) ** 2;
      distances.push(Math.sqrt(squares));
    }
  }
  // A class mean on the centre has no direction.
  const directed = norms.every((norm) => norm > 0);
  const widest = -1 / (count - 1);
  return {
    equinorm: relativeSpread(norms),
    equiangular: directed ? meanSpread(cosines)!.std : null,
    maxAngle: directed ? meanSpread(cosines.map((cosine) => Math.abs(cosine - widest)))!.mean : null,
    distanceSpread: relativeSpread(distances),
  };
}

function relativeSpread(values: readonly number[]): number | null {
  const { mean, std } = meanSpread(values)!;
  return mean > 0 ? std / mean : null;
}

function dot(rows: Float64Array, a: number, b: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += rows[a * width + j]! * rows[b * width + j]!;
  return sum;
}
