import { float, int } from '../../../graph/builder.js';
import { channelsFirst, exampleAxis, storedAxis, type Value } from '../value.js';
import type { Layer, Lowering } from './layer.js';

/** A weight of one number per channel; where the layer has none, the same number for all. */
function perChannel(layer: Layer, weight: string, has: boolean, otherwise: number, shape: readonly number[]) {
  if (has) return layer.tensor(weight, shape).data;
  return new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(otherwise);
}

/** (x - mean) / sqrt(variance + epsilon) gamma + beta, with the statistics of training. */
const batchNormalization: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const x = layer.single(inputs);
  const rank = x.shape.length;
  const [given = -1, ...others] = config.integers('axis') ?? [];
  const axis = exampleAxis(given, rank);
  if (axis === undefined || others.length > 0) return config.unsupported('axis', 'one axis of the example');
  const shape = [x.shape[axis]!];
  const { elements } = x;
  const sorted = (values: Float32Array) =>
    elements === undefined ? values : Float32Array.from(elements, (element) => values[element]!);
  const parameters = [
    ['gamma', config.flag('scale', true), 1],
    ['beta', config.flag('center', true), 0],
    ['moving_mean', true, 0],
    ['moving_variance', true, 1],
  ] as const;
  const constants = parameters.map(([weight, has, otherwise]) =>
    layer.numbers(weight, sorted(perChannel(layer, weight, has, otherwise, shape)), shape),
  );
  const moved = withAxisFirst(layer, x, axis);
  return emitter.map(
    moved,
    'BatchNormalization',
    { epsilon: float(config.number('epsilon', 1e-3)) },
    ...constants,
  );
};

/** The value stored such that the axis follows the batch. */
function withAxisFirst({ emitter }: Layer, x: Value, axis: number): Value {
  if (storedAxis(x, axis) === 1) return x;
  const rank = x.shape.length;
  const others = channelsFirst(rank).filter((other) => other !== axis);
  return emitter.ordered(x, axis === rank - 1 ? channelsFirst(rank) : [axis, ...others]);
}

/** The same with mean and variance of the example itself, over its last axes. */
const layerNormalization: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const x = emitter.natural(layer.single(inputs));
  const rank = x.shape.length;
  const axes = (config.integers('axis') ?? [-1]).map((axis) => exampleAxis(axis, rank));
  const first = rank - axes.length;
  if (axes.some((axis, i) => axis !== first + i))
    return config.unsupported('axis', 'the last axes, in order');
  const shape = x.shape.slice(first);
  const constants = (
    [
      ['gamma', 'scale', 1],
      ['beta', 'center', 0],
    ] as const
  ).map(([weight, setting, otherwise]) =>
    layer.numbers(weight, perChannel(layer, weight, config.flag(setting, true), otherwise, shape), shape),
  );
  const attributes = { axis: int(first + 1), epsilon: float(config.number('epsilon', 1e-3)) };
  return emitter.map(x, 'LayerNormalization', attributes, ...constants);
};

export const normalizationLayers: Readonly<Record<string, Lowering>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
};
