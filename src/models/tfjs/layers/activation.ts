import { float } from '../../../graph/builder.js';
import { permuted } from '../../../tensor/permute.js';
import { GauntletError } from '../../../errors.js';
import { didYouMean } from '../../../text/suggest.js';
import { activations, clipped, normalised } from '../activations.js';
import { plainWord } from '../config.js';
import { isObject, isText, shown } from '../json.js';
import { exampleAxis, type Value } from '../value.js';
import type { Layer, Lowering } from './layer.js';

/** Applies the function that the layer's setting `activation` names; none is linear. */
export function activated(layer: Layer, x: Value): Value {
  const setting = layer.config.field('activation') ?? 'linear';
  const named = isObject(setting) ? (setting['class_name'] ?? setting['className']) : setting;
  const activation = isText(named) ? activations.get(plainWord(named)) : undefined;
  if (activation !== undefined) return activation(layer.emitter, x);
  const hint = isText(named) ? didYouMean(named, [...activations.keys()]) : '';
  throw new GauntletError(
    'LAYER_UNSUPPORTED',
    `${layer.config.where}: there is no activation ${shown(named)}${hint}`,
  );
}

const activation: Lowering = (layer, inputs) => activated(layer, layer.single(inputs));

/**
 * min(x, max_value) from `threshold` on, negative_slope (x - threshold) below. TensorFlow.js itself knows max_value alone and
 * leaves the other two out.
 */
const relu: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const x = layer.single(inputs);
  const threshold = config.number('threshold', 0);
  const slope = config.number('negative_slope', 0);
  const highest = config.number('max_value', Infinity);
  const bounded = (value: Value): Value =>
    highest === Infinity ? value : emitter.map(value, 'Min', {}, emitter.scalar(highest));
  if (threshold === 0 && slope !== 0) return bounded(emitter.map(x, 'LeakyRelu', { alpha: float(slope) }));
  if (threshold === 0) return highest === Infinity ? emitter.map(x, 'Relu') : clipped(emitter, x, 0, highest);
  const above = bounded(emitter.map(x, 'ThresholdedRelu', { alpha: float(threshold) }));
  if (slope === 0) return above;
  const below = emitter.add('Relu', [emitter.add('Sub', [emitter.scalar(threshold), x.name])]);
  return emitter.map(above, 'Sub', {}, emitter.add('Mul', [below, emitter.scalar(slope)]));
};

/** Slopes below 0 are learned, one per element or shared along axes. */
const prelu: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const shared = new Set(layer.config.integers('shared_axes') ?? []);
  const shape = x.shape.map((size, axis) => (shared.has(axis + 1) ? 1 : size));
  const slopes = layer.tensor('alpha', shape);
  const { elements } = x;
  const stored =
    elements === undefined || shape[0] === 1
      ? permuted(slopes, x.order)
      : { ...slopes, data: Float32Array.from(elements, (element) => slopes.data[element]!) };
  return layer.emitter.map(x, 'PRelu', {}, layer.emitter.constant(`${layer.name}/alpha`, stored));
};

const softmax: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const [axis = 1, ...others] = layer.config.integers('axis') ?? [];
  const found = exampleAxis(axis, x.shape.length);
  if (others.length > 0 || found === undefined)
    return layer.config.unsupported('axis', 'one axis of the example');
  return normalised(layer.emitter, x, 'Softmax', found);
};

/** An operator whose one attribute is a setting of the layer. */
const oneNumber =
  (op: string, setting: string, otherwise: number): Lowering =>
  (layer, inputs) =>
    layer.emitter.map(layer.single(inputs), op, { alpha: float(layer.config.number(setting, otherwise)) });

/** Layers that are an activation function. */
export const activationLayers: Readonly<Record<string, Lowering>> = {
  Activation: activation,
  ELU: oneNumber('Elu', 'alpha', 1),
  LeakyReLU: oneNumber('LeakyRelu', 'alpha', 0.3),
  PReLU: prelu,
  ReLU: relu,
  Softmax: softmax,
  ThresholdedReLU: oneNumber('ThresholdedRelu', 'theta', 1),
};
