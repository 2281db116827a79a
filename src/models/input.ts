import type { InputSpec } from '../classifier/classifier.js';
import { GauntletError } from '../errors.js';
import { BATCH, type Graph } from '../graph/ir.js';
import { withFloatInput } from '../graph/passes/float-input.js';
import type { DataType } from '../tensor/tensor.js';
import type { ModelCard } from './card.js';

type Layout = InputSpec['layout'];

const CHANNEL_COUNTS = [1, 3, 4];

/**
 * The layout of an example when no card names it: [C, H, W] or [H, W, C] with one, three or four channels is an image, an
 * "image" of a single row or column is not.
 */
export function inferLayout(shape: readonly number[]): Layout {
  if (shape.length !== 3) return 'flat';
  const [a, b, c] = shape as [number, number, number];
  if (CHANNEL_COUNTS.includes(a) && b > 1 && c > 1) return 'NCHW';
  if (CHANNEL_COUNTS.includes(c) && a > 1 && b > 1) return 'NHWC';
  return 'flat';
}

/** Axis of the channels in a batch, or undefined for a flat input. */
export const CHANNEL_AXIS: Readonly<Record<Layout, number | undefined>> = {
  NCHW: 1,
  NHWC: 3,
  flat: undefined,
};

/** Types of numbers that float32 examples are cast to. */
const FLOATS: ReadonlySet<DataType> = new Set<DataType>(['float16', 'float32', 'float64']);

/**
 * What the model takes, from the file and its card; and the graph with the card's shape written where the file left
 * dimensions open, and float32 at its input.
 * @throws GauntletError MODEL_INVALID when the file does not take one batch of floating-point numbers; CARD_INVALID when file and card disagree.
 */
export function readInput(graph: Graph, card: ModelCard, source: string): { input: InputSpec; graph: Graph } {
  const [value, ...others] = graph.inputs;
  if (value === undefined || others.length > 0) {
    const received = graph.inputs
      .map(({ name, type, dims }) => `${name}: ${type}[${dims.join(', ')}]`)
      .join('; ');
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: a classifier takes one input, this model takes ${received || 'none'}`,
    );
  }
  const received = `${value.name}: ${value.type}[${value.dims.join(', ')}]`;
  if (!FLOATS.has(value.type)) {
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: the input must be a batch of floating-point numbers, received ${received}`,
      {
        help:
          'Export the model from its first floating-point layer on; what comes before (scale, mean, std) belongs into ' +
          "a card's `preprocessing`.",
      },
    );
  }
  if (value.dims.length < 2) {
    throw new GauntletError('MODEL_INVALID', `${source}: the input must be a batch, received ${received}`, {
      help: 'Export the model with a batch axis in front.',
    });
  }
  const shape = exampleShape(value.dims.slice(1), card.input?.shape, source);
  const layout = card.input?.layout ?? inferLayout(shape);
  if (layout !== 'flat' && shape.length !== 3) {
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: layout ${layout} needs three dimensions, the input is [${shape.join(', ')}]`,
    );
  }
  const [lower, upper] = card.input?.bounds ?? [0, 1];
  const batch = value.dims[0]!;
  return {
    input: { shape, layout, bounds: [lower!, upper!] },
    graph: withFloatInput({
      ...graph,
      inputs: [{ ...value, dims: [typeof batch === 'number' ? batch : BATCH, ...shape] }],
    }),
  };
}

/**
 * The shape of one example, from what the model leaves open and what the card says.
 * @throws GauntletError MODEL_INVALID when nobody says, CARD_INVALID when they disagree.
 */
export function exampleShape(
  dims: readonly (number | string)[],
  ofCard: readonly number[] | undefined,
  source: string,
): readonly number[] {
  if (ofCard === undefined) {
    if (dims.every((dim) => typeof dim === 'number')) return dims;
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: the model leaves its input shape open ([${dims.join(', ')}] per example)`,
      { help: 'Give a card with input.shape.' },
    );
  }
  const agrees =
    ofCard.length === dims.length && dims.every((dim, i) => typeof dim === 'string' || dim === ofCard[i]);
  if (agrees) return ofCard;
  throw new GauntletError(
    'CARD_INVALID',
    `${source}: input.shape is [${ofCard.join(', ')}], the model takes [${dims.join(', ')}] per example`,
  );
}
