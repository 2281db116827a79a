import { didYouMean } from '../text/suggest.js';
import { GauntletError } from '../errors.js';
import { GraphBuilder, int } from '../graph/builder.js';
import { BATCH, type Graph, type InferredDim, type Node, type Shapes } from '../graph/ir.js';
import { dataTypes } from '../graph/onnx/data-type.js';
import { producersOf } from '../graph/topology.js';
import type { DataType } from '../tensor/tensor.js';
import type { ModelCard } from './card.js';

/** Names of the values a classifier is read from; both have shape [batch, width]. */
export interface Outputs {
  readonly logits: string;
  readonly numClasses: number;
  readonly features?: string;
  /** The file ends in a Softmax; its input was taken, because probabilities saturate and logits do not. */
  readonly softmaxRemoved: boolean;
}

/**
 * Finds the logits and, if the card names them, the features; puts them as matrices at the graph's outputs.
 * @throws GauntletError MODEL_INVALID when the logits cannot be told from the other outputs; CARD_INVALID when the card
 *   names a value that is not there or of another shape.
 */
export function readOutputs(
  graph: Graph,
  shapes: Shapes,
  card: ModelCard,
  source: string,
): { graph: Graph; outputs: Outputs } {
  const named =
    card.output === undefined
      ? chooseOutput(graph, shapes, source)
      : cardValue('output', card.output, shapes, source);
  const numClasses = matrixWidth(shapes.get(named)!.dims)!;
  if (numClasses < 2) {
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: output "${named}" has ${numClasses} value per example, a classifier needs 2`,
      {
        help: 'A two-class model with one score is not taken: export it with a score for each class, [0, score].',
      },
    );
  }
  if (card.numClasses !== undefined && card.numClasses !== numClasses) {
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: numClasses is ${card.numClasses}, the model has ${numClasses} outputs`,
    );
  }
  const beneath = belowSoftmax(graph, shapes, named, numClasses);
  const builder = new GraphBuilder({ ...graph, outputs: [] });
  const logits = asMatrix(builder, shapes, beneath ?? named, numClasses, 'logits');
  builder.output(logits, 'float32', [BATCH, numClasses]);
  const outputs = { logits, numClasses, softmaxRemoved: beneath !== undefined };
  if (card.features === undefined) return { graph: builder.build(), outputs };

  const latent = cardValue('features', card.features, shapes, source);
  const width = matrixWidth(shapes.get(latent)!.dims)!;
  const features = asMatrix(builder, shapes, latent, width, 'features');
  if (features !== logits) builder.output(features, 'float32', [BATCH, width]);
  return { graph: builder.build(), outputs: { ...outputs, features } };
}

/**
 * Columns of the value as a matrix with one row per example, or undefined if it has no batch axis. A vector that holds all
 * rows one after another is such a matrix too.
 */
function matrixWidth(dims: readonly InferredDim[]): number | undefined {
  const [batch, ...rest] = dims.filter((dim) => dim !== 1);
  if (typeof batch !== 'object') return undefined;
  if (rest.length === 0) return batch.batch;
  if (batch.batch !== 1) return undefined;
  if (!rest.every((dim) => typeof dim === 'number')) return undefined;
  return rest.reduce((product, dim) => product * dim, 1);
}

/** Whether the value is a matrix but for axes of length 1: [N, K], [N, K, 1, 1], [1, N, K]. */
function isScores(value: string, shapes: Shapes): boolean {
  const found = shapes.get(value);
  if (found === undefined || !isFloat(found)) return false;
  return matrixWidth(found.dims) !== undefined && found.dims.filter((dim) => dim !== 1).length <= 2;
}

function chooseOutput(graph: Graph, shapes: Shapes, source: string): string {
  const scores = graph.outputs.map(({ name }) => name).filter((name) => isScores(name, shapes));
  const chosen = scores.length === 1 ? scores[0] : scores.find((name) => name === 'logits');
  if (chosen !== undefined) return chosen;
  const listed = graph.outputs.map(({ name }) => `${name}: ${describe(shapes.get(name))}`).join('; ');
  const problem =
    scores.length === 0
      ? 'no output has one row of scores per example'
      : 'several outputs could be the logits';
  throw new GauntletError('MODEL_INVALID', `${source}: ${problem}; outputs are ${listed}`, {
    help: 'Name the output that holds the logits with --output, or in a card (`output`).',
  });
}

function cardValue(field: 'output' | 'features', name: string, shapes: Shapes, source: string): string {
  const found = shapes.get(name);
  if (found === undefined) {
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: ${field} names "${name}", which is not in the model${didYouMean(name, [...shapes.keys()])}`,
    );
  }
  const fits =
    field === 'output' ? isScores(name, shapes) : isFloat(found) && matrixWidth(found.dims) !== undefined;
  if (fits) return name;
  throw new GauntletError(
    'CARD_INVALID',
    `${source}: ${field} names "${name}", which is ${describe(found)}, not one row of numbers per example`,
  );
}

const isFloat = ({ type }: { type: DataType }): boolean => type.startsWith('float');

/** Operators that leave values and their order alone, but for rounding. */
const SHAPE_ONLY = new Set(['Identity', 'Dropout', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast']);

/**
 * Input of the Softmax over classes that `value` comes from, if it does. LogSoftmax is left in place: its values differ from
 * the logits by one number per example, which neither classes nor any of the losses see, and they do not saturate. So is
 * Sigmoid, whose classes are scores of their own.
 */
function belowSoftmax(graph: Graph, shapes: Shapes, value: string, numClasses: number): string | undefined {
  const producers = producersOf(graph);
  let node = producers.get(value);
  while (node !== undefined && SHAPE_ONLY.has(node.op)) node = producers.get(node.inputs[0]!);
  if (node?.op !== 'Softmax' || node.domain !== '') return undefined;
  const input = node.inputs[0]!;
  const overClasses = softmaxDims(node, shapes.get(input)!.dims, graph.opsets[''] ?? 1);
  const size = overClasses.reduce<number>(
    (product, dim) => (typeof dim === 'number' ? product * dim : NaN),
    1,
  );
  return size === numClasses ? input : undefined;
}

/** The dimensions a Softmax normalises over: one axis since opset 13, all from the axis on before. */
function softmaxDims(node: Node, dims: readonly InferredDim[], opset: number): readonly InferredDim[] {
  const attribute = node.attributes['axis'];
  const given = attribute?.type === 'int' ? attribute.value : opset >= 13 ? -1 : 1;
  const axis = given < 0 ? given + dims.length : given;
  return opset >= 13 ? [dims[axis]!] : dims.slice(axis);
}

/** The value as a float32 matrix. */
function asMatrix(builder: GraphBuilder, shapes: Shapes, value: string, width: number, name: string): string {
  const { type, dims } = shapes.get(value)!;
  const isMatrix = dims.length === 2 && dims[1] === width;
  const matrix = isMatrix
    ? value
    : builder.addNamed('Reshape', [value, builder.ints([-1, width])], builder.fresh(name));
  if (type === 'float32') return matrix;
  return builder.addNamed('Cast', [matrix], builder.fresh(name), { to: int(dataTypes.float32.code) });
}

function describe(value: { type: string; dims: readonly InferredDim[] } | undefined): string {
  if (value === undefined) return 'of unknown shape';
  const dims = value.dims.map((dim) =>
    typeof dim === 'number' ? dim : dim.batch === 1 ? BATCH : `${dim.batch} * ${BATCH}`,
  );
  return `${value.type}[${dims.join(', ')}]`;
}
