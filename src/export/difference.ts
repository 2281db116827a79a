import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import { probeTensor } from '../graph/probe.js';
import type { Graph } from '../graph/ir.js';
import type { ModelCard } from '../models/card.js';
import { asClassifier, type LoadedModel } from '../models/load.js';
import { permuted } from '../tensor/permute.js';
import { floatTensor, type FloatTensor, type Tensor } from '../tensor/tensor.js';

/** Examples that original and export are compared on. */
const EXAMPLES = 4;
/** Largest difference that rounding can explain, in the deepest of networks. */
const TOLERATED = 1e-3;

/**
 * Largest difference between the logits, and the features, of a model and of its export read back, on a few examples spread over the
 * legal values; relative to the largest logit of those examples, or to 1.
 * @throws GauntletError INTERNAL where they are not the same function.
 */
export async function differenceOf(
  model: LoadedModel,
  exported: Graph,
  card: ModelCard,
  engine: Engine,
): Promise<number> {
  const run = runnerOf(engine);
  const other = await asClassifier(exported, engine, card, `export of ${model.id}`);
  const examples = examplesFor(model);
  const moved = other.input.layout === model.input.layout ? examples : permuted(examples, [0, 2, 3, 1]);
  const [before, after] = [
    await run(model.graph, { [model.graph.inputs[0]!.name]: examples }),
    await run(other.graph, { [other.graph.inputs[0]!.name]: moved }),
  ];
  const differences = [distance(before[model.logits]!, after[other.logits]!)];
  if (model.features !== undefined)
    differences.push(distance(before[model.features]!, after[other.features!]!));
  const difference = Math.max(...differences);
  if (difference <= TOLERATED) return difference;
  throw new GauntletError(
    'INTERNAL',
    `the export of ${model.id} would compute something else: its outputs differ by ${difference}, relatively`,
  );
}

function examplesFor({ input: { shape, bounds } }: LoadedModel): FloatTensor {
  const { data, dims } = probeTensor('float32', [EXAMPLES, ...shape]);
  const [lower, upper] = bounds;
  return floatTensor(
    Float32Array.from(data as Float32Array, (value) => lower + (upper - lower) * value),
    dims,
  );
}

function distance(a: Tensor, b: Tensor): number {
  const [expected, found] = [a.data as Float32Array, b.data as Float32Array];
  let [most, scale] = [0, 1];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(expected[i]! - found[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return expected.length === found.length ? most / scale : Infinity;
}
