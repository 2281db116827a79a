import { GauntletError } from '../../errors.js';
import { floatTensor } from '../../tensor/tensor.js';
import { GraphBuilder } from '../builder.js';
import type { Graph } from '../ir.js';
import { renameReads } from '../rename.js';

/** Affine preprocessing; a list holds one value per channel, a single value applies to all. */
export interface Preprocessing {
  readonly scale?: number;
  readonly mean?: number | readonly number[];
  readonly std?: number | readonly number[];
  /** Axis of the input, batch included, that the lists run along. */
  readonly channelAxis: number;
}

/**
 * Puts (x * scale - mean) / std in front of the graph's first input. The new, raw input has the old one's name.
 * @throws GauntletError CARD_INVALID when the lists do not fit the input or a deviation is zero; MODEL_INVALID unless
 *   the first input is float32.
 */
export function withPreprocessing(graph: Graph, preprocessing: Preprocessing): Graph {
  const { scale = 1, channelAxis } = preprocessing;
  const [input] = graph.inputs;
  if (input?.type !== 'float32')
    throw new GauntletError(
      'MODEL_INVALID',
      `preprocessing needs a graph with a float32 input, "${graph.name}" has not`,
    );
  const mean = [preprocessing.mean ?? 0].flat();
  const std = [preprocessing.std ?? 1].flat();
  const channels = input.dims[channelAxis];
  for (const [field, values] of Object.entries({ mean, std }))
    if (values.length !== 1 && values.length !== channels)
      throw new GauntletError(
        'CARD_INVALID',
        `preprocessing.${field} has ${values.length} values, axis ${channelAxis} of input [${input.dims.join(', ')}] has ${channels}`,
      );
  if (std.includes(0)) throw new GauntletError('CARD_INVALID', 'preprocessing.std holds a zero');

  const builder = new GraphBuilder(graph);
  const perChannel = (name: string, values: readonly number[]): string => {
    const dims = input.dims.map((_, axis) => (axis === channelAxis ? values.length : 1));
    return builder.initializer(name, floatTensor(Float32Array.from(values), values.length === 1 ? [] : dims));
  };
  const isAll = (values: readonly number[], neutral: number): boolean =>
    values.every((value) => value === neutral);

  let value = input.name;
  if (scale !== 1) value = builder.add('Mul', [value, builder.scalar(scale)]);
  if (!isAll(mean, 0)) value = builder.add('Sub', [value, perChannel('mean', mean)]);
  if (!isAll(std, 1)) value = builder.add('Div', [value, perChannel('std', std)]);
  if (value === input.name) return graph;

  const { nodes, initializers } = builder.build();
  const renaming = new Map([[input.name, value]]);
  const added = nodes.slice(graph.nodes.length);
  const model = graph.nodes.map((node) => renameReads(node, renaming));
  return { ...graph, initializers, nodes: [...added, ...model] };
}
