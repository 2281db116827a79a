import type { EngineClassifier } from '../../../src/classifier/engine-classifier.js';
import { runnerOf } from '../../../src/engine/runner.js';
import type { Graph } from '../../../src/graph/ir.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { upgradeOpset } from '../../../src/graph/passes/upgrade-opset.js';
import type { LoadedModel } from '../../../src/models/load.js';
import { sliceRow, type Batch } from '../../../src/tensor/batch.js';
import { elementCount } from '../../../src/tensor/tensor.js';
import { engine } from '../../classifier/loaded.js';
import { evaluateReference } from '../../reference/evaluate.js';
import { dot } from './gradient-check.js';
import type { Random } from './random.js';

/** Step of the differences, in units of the input's range: in float64 few directions cross a kink. */
const STEP = 1e-6;
/** A bend within the step of more than this part of the gradient's norm is a kink, not curvature. */
const BEND = 1e-4;

/** How a gradient agrees with differences of the float64 interpreter along random directions. */
export interface SlopeFigures {
  readonly images: number;
  readonly directions: number;
  /** Directions along which the network bends within the step; they are not compared. */
  readonly kinked: number;
  /** Images with such a direction. */
  readonly kinkedImages: number;
  /** Of the error of the other directions' slopes, relative to the slope's standard deviation over directions. */
  readonly median: number;
  readonly percentile95: number;
}

/**
 * Compares the classifier's gradient of a random combination of logits, image by image, with central differences of the
 * interpreter along random directions.
 * @param count directions per image
 */
export async function measureSlopes(
  { model, classifier }: { readonly model: LoadedModel; readonly classifier: EngineClassifier },
  batch: Batch,
  count: number,
  random: Random,
): Promise<SlopeFigures> {
  const graph = await foldConstants(upgradeOpset(model.graph), runnerOf(engine));
  const { numClasses, input } = model;
  const cotangent = Float32Array.from({ length: batch.keys.length * numClasses }, () => random.normal());
  const { gradient } = await classifier.vjp(batch, cotangent);
  const size = elementCount(input.shape);
  const step = STEP * (input.bounds[1] - input.bounds[0]);
  const images = batch.keys.map((_key, row) => {
    const projection = sliceRow(cotangent, row, numClasses);
    const valuesAt = (points: readonly Float64Array[]) => project(graph, model, points, projection);
    return slopesOf(sliceRow(batch.data, row, size), sliceRow(gradient, row, size), {
      valuesAt,
      count,
      step,
      random,
    });
  });
  const smooth = images.flatMap(({ errors }) => errors).sort((a, b) => a - b);
  const quantile = (share: number) => smooth[Math.floor(share * (smooth.length - 1))] ?? Number.NaN;
  const kinked = images.map(({ errors }) => count - errors.length);
  return {
    images: images.length,
    directions: images.length * count,
    kinked: kinked.reduce((sum, one) => sum + one, 0),
    kinkedImages: kinked.filter((one) => one > 0).length,
    median: quantile(0.5),
    percentile95: quantile(0.95),
  };
}

/** The combination of logits at each point, in float64. */
function project(
  graph: Graph,
  { input, numClasses, logits }: LoadedModel,
  points: readonly Float64Array[],
  projection: Float32Array,
): number[] {
  const data = new Float64Array(points.length * elementCount(input.shape));
  points.forEach((point, i) => data.set(point, i * point.length));
  const feeds = { [graph.inputs[0]!.name]: { dims: [points.length, ...input.shape], data } };
  const values = evaluateReference(graph, feeds).get(logits)!.data;
  return points.map((_point, i) => dot(projection, values.subarray(i * numClasses, (i + 1) * numClasses)));
}

interface Measurement {
  readonly valuesAt: (points: readonly Float64Array[]) => number[];
  readonly count: number;
  readonly step: number;
  readonly random: Random;
}

/** Errors along the directions without a kink. */
function slopesOf(
  image: Float32Array,
  gradient: Float32Array,
  { valuesAt, count, step, random }: Measurement,
): { readonly errors: readonly number[] } {
  const point = Float64Array.from(image);
  const directions = Array.from({ length: count }, () => Float64Array.from(point, () => random.normal()));
  const moved = (sign: number) =>
    valuesAt(directions.map((direction) => point.map((value, i) => value + sign * step * direction[i]!)));
  const [here, ahead, behind] = [valuesAt([point])[0]!, moved(1), moved(-1)];
  const norm = Math.sqrt(dot(gradient, gradient));
  const errors = directions.flatMap((direction, k) => {
    // The slope along a direction of this length has the gradient's norm as standard deviation.
    const scale = norm * Math.sqrt(dot(direction, direction) / direction.length);
    if (Math.abs(ahead[k]! - 2 * here + behind[k]!) > BEND * step * scale) return [];
    return [Math.abs(dot(gradient, direction) - (ahead[k]! - behind[k]!) / (2 * step)) / scale];
  });
  return { errors };
}
