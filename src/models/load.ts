import type { InputSpec } from '../classifier/classifier.js';
import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import type { ModelReference } from '../evaluate/cell.js';
import type { Graph, GraphRunner, Shapes, ValueInfo } from '../graph/ir.js';
import { foldConstants } from '../graph/passes/fold-constants.js';
import { withPreprocessing } from '../graph/passes/preprocessing.js';
import { prune } from '../graph/passes/prune.js';
import { withRandomInputs, type RandomInput } from '../graph/passes/random-inputs.js';
import { rebatch } from '../graph/passes/rebatch.js';
import { inferShapes } from '../graph/shapes.js';
import { inOwnUnits, readCard, withOutputs, type ModelCard } from './card.js';
import { CHANNEL_AXIS, readInput } from './input.js';
import { readOutputs, type Outputs } from './output.js';
import { openModel, type ModelFile } from './model-file.js';
import { modelHash } from './reference.js';
import { foreignGraph } from './tfjs/foreign.js';

/** A classifier's graph in the form everything downstream takes it. */
export interface LoadedModel extends Outputs {
  readonly id: string;
  readonly sha256: string;
  readonly input: InputSpec;
  /**
   * The model as its file has it, but for any batch size, with the card's preprocessing inside and an open batch axis.
   * The first input holds the examples, in raw units, those after it random numbers; outputs `logits` and, if the card
   * names them, `features`.
   */
  readonly graph: Graph;
  /** The inputs beside the examples, which make a model that draws random numbers a function of them; mostly none. */
  readonly randomInputs: readonly RandomInput[];
  /** Elements per example of the largest value of the graph. */
  readonly widest: number;
  /** Size of the model file and of the files its tensors are stored in. */
  readonly bytes: number;
}

/**
 * Reads a model and its card and makes it a classifier's graph.
 * @throws GauntletError MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_WEIGHTS, MODEL_INVALID, LAYER_UNSUPPORTED, CARD_INVALID,
 *   SHAPE_INFERENCE.
 */
export async function loadModel(reference: ModelReference, engine: Engine): Promise<LoadedModel> {
  const written = reference.card === undefined ? undefined : await readCard(reference.card);
  const card = withOutputs(written, reference);
  const { graph, bytes } = await readGraph(reference, card);
  const { ownUnits } = reference;
  const meant = ownUnits === undefined ? card : inOwnUnits(card, ownUnits);
  const loaded = await asClassifier(graph, engine, meant, reference.path);
  return { id: reference.id, sha256: reference.sha256, bytes, ...loaded };
}

/**
 * Reads a TensorFlow.js model that is no graph of ours, for the engine that runs such a model as it is; see loadModel.
 * @throws GauntletError MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_INVALID, CARD_INVALID, SHAPE_INFERENCE.
 */
export async function loadForeignModel(reference: ModelReference, engine: Engine): Promise<LoadedModel> {
  const written = reference.card === undefined ? undefined : await readCard(reference.card);
  const card = withOutputs(written, reference);
  await readChecked(reference, card, () => undefined);
  const { ownUnits, path, id, sha256 } = reference;
  const { graph, softmaxRemoved, bytes } = await foreignGraph(path, card?.input?.shape);
  const meant = ownUnits === undefined ? card : inOwnUnits(card, ownUnits);
  const loaded = await asClassifier(graph, engine, meant, path);
  return { id, sha256, bytes, ...loaded, softmaxRemoved, widest: Math.max(loaded.widest, UNKNOWN_WIDTH) };
}

/** Elements per example that a value inside of a model nobody looked into may have. */
const UNKNOWN_WIDTH = 2 ** 17;

const readGraph = (
  reference: ModelReference,
  card: ModelCard | undefined,
): Promise<{ graph: Graph; bytes: number }> =>
  readChecked(reference, card, (file) => ({
    graph: file.graph(card?.input?.shape, card?.features),
    bytes: file.size,
  }));

/** What is read of a model's file, if it is still the one that was meant. */
async function readChecked<T>(
  { path, sha256, ownUnits }: ModelReference,
  card: ModelCard | undefined,
  read: (file: ModelFile) => T,
): Promise<T> {
  const file = openModel(path);
  try {
    const found = modelHash(await file.hash(), card, ownUnits);
    if (found === sha256) return read(file);
    throw new GauntletError(
      'MODEL_INVALID',
      `${path} or its card is not the one meant: SHA-256 ${found}, expected ${sha256}`,
      { help: 'The file changed after the run was planned; run again.' },
    );
  } finally {
    file.close();
  }
}

/**
 * Makes a graph in memory a classifier's graph: any batch size, preprocessing inside, logits found.
 * @param source what to call the model in messages.
 */
export async function asClassifier(
  file: Graph,
  engine: Engine,
  card: ModelCard = { schemaVersion: 1 },
  source = file.name,
): Promise<Pick<LoadedModel, 'graph' | 'input' | 'randomInputs' | 'widest' | keyof Outputs>> {
  const run = runnerOf(engine);
  const { input, graph } = readInput(file, card, source);
  // A branch that is always taken hides the operators in it from what follows.
  const plain = graph.nodes.some(({ op }) => op === 'If') ? await foldConstants(graph, run) : graph;
  const drawn = await withRandomInputs(plain, run);
  const batched = await withOpenBatch(drawn.graph, card, run);
  const raw = withCardPreprocessing(batched, card, input, source);
  const shapes = await inferShapes(raw, run);
  const { graph: scored, outputs } = readOutputs(raw, shapes, card, source);
  const pruned = prune(scored);
  const kept = new Set(pruned.inputs.map(({ name }) => name));
  const randomInputs = drawn.randomInputs.filter(({ name }) => kept.has(name));
  return { graph: pruned, input, randomInputs, widest: widestOf(shapes), ...outputs };
}

/** The graph for any batch size; what the card names is among what must come out the same for every example. */
async function withOpenBatch(
  graph: Graph,
  { output, features }: ModelCard,
  run: GraphRunner,
): Promise<Graph> {
  const known = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const named = [output, features].filter((name) => name !== undefined && known.has(name)) as string[];
  const declared = new Set(graph.outputs.map(({ name }) => name));
  const inner = named.filter((name) => !declared.has(name));
  const all = [...graph.outputs, ...inner.map(undeclaredOutput)];
  const batched = await rebatch({ ...graph, outputs: all }, run, named);
  return { ...batched, outputs: batched.outputs.filter(({ name }) => declared.has(name)) };
}

const undeclaredOutput = (name: string): ValueInfo => ({
  ...{ name, type: 'float32', dims: [], undeclared: 'type and shape' },
});

/** Elements per example of the largest value with a batch axis. */
function widestOf(shapes: Shapes): number {
  const widths = [...shapes.values()].map(({ dims }) =>
    dims.some((dim) => typeof dim === 'object')
      ? dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : dim.batch), 1)
      : 0,
  );
  return widths.reduce((widest, width) => (width > widest ? width : widest), 0);
}

function withCardPreprocessing(
  graph: Graph,
  { preprocessing }: ModelCard,
  input: InputSpec,
  source: string,
): Graph {
  if (preprocessing === undefined) return graph;
  const channelAxis = CHANNEL_AXIS[input.layout];
  const channels = channelAxis === undefined ? 1 : input.shape[channelAxis - 1]!;
  for (const field of ['mean', 'std'] as const) {
    const count = [preprocessing[field] ?? []].flat().length;
    if (count > 1 && count !== channels) {
      throw new GauntletError(
        'CARD_INVALID',
        `${source}: preprocessing.${field} has ${count} values, the ${input.layout} input has ${channels} channel(s)`,
      );
    }
  }
  return withPreprocessing(graph, { ...preprocessing, channelAxis: channelAxis ?? 1 });
}
