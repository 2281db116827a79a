import { floatAttribute, intAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { permuted } from '../../../tensor/permute.js';
import { floatTensor } from '../../../tensor/tensor.js';
import { scalarTerm, sizesOf } from '../affine.js';
import { lastAxis, withLast, type LayerValue } from '../layer-value.js';
import type { Lowering, Step } from '../step.js';

const named =
  (activation: string): Lowering =>
  (step) =>
    step.writer.activation(step.value(), activation);

/** An activation that layers have with these attributes alone. */
const fixed =
  (activation: string, attributes: Readonly<Record<string, number>>): Lowering =>
  (step) => {
    for (const [name, value] of Object.entries(attributes)) {
      const given = floatAttribute(step.node, name, value);
      if (Math.abs(given - value) > 1e-6 * value) step.refuse(`${name} is ${given}, layers have ${value}`);
    }
    return step.writer.activation(step.value(), activation);
  };

const oneNumber =
  (className: string, setting: string, otherwise: number): Lowering =>
  (step) =>
    step.writer.map(step.value(), className, { [setting]: floatAttribute(step.node, 'alpha', otherwise) });

/** Bounds beyond which every value lies within. */
const UNBOUNDED = 1e30;

/** max(low, min(x, high)), by ReLU of what is moved such that one bound is 0. */
export function clipped(step: Step, x: LayerValue, low: number, high: number, alone = true): LayerValue {
  const { writer } = step;
  const [one, minus] = [scalarTerm(1), scalarTerm(-1)];
  if (low > high) return step.refuse('its bounds do not ascend');
  if (low <= -UNBOUNDED && high >= UNBOUNDED) return x;
  if (low <= -UNBOUNDED) {
    const below = step.affine(x, minus, scalarTerm(high), alone);
    return step.affine(writer.activation(below, 'relu'), minus, scalarTerm(high));
  }
  const above = low === 0 ? x : step.affine(x, one, scalarTerm(-low), alone);
  const bounded =
    high >= UNBOUNDED
      ? writer.activation(above, 'relu')
      : writer.map(above, 'ReLU', { max_value: high - low });
  return low === 0 ? bounded : step.affine(bounded, one, scalarTerm(low));
}

const clip: Lowering = (step) => {
  const [low = -Infinity] = step.floats(1)?.data ?? [];
  const [high = Infinity] = step.floats(2)?.data ?? [];
  return clipped(step, step.value(), low, high);
};

const hardSigmoid: Lowering = (step) => {
  const [slope, middle] = [floatAttribute(step.node, 'alpha', 0.2), floatAttribute(step.node, 'beta', 0.5)];
  return clipped(step, step.affine(step.value(), scalarTerm(slope), scalarTerm(middle)), 0, 1, false);
};

/** x max(0, min(6, x + 3)) / 6. */
const hardSwish: Lowering = (step) => {
  const x = step.value();
  const moved = step.affine(x, scalarTerm(1 / 6), scalarTerm(0.5), false);
  const gate = clipped(step, moved, 0, 1, false);
  return { ...x, layer: step.writer.add('Multiply', [x, gate]) };
};

/** As withGelu writes it; or of a later operator set, which has two forms. */
const gelu: Lowering = (step) => {
  const form = stringAttribute(step.node, 'approximate', 'none');
  return step.writer.activation(step.value(), form === 'none' ? 'gelu' : 'gelu_new');
};

const absolute: Lowering = (step) => {
  const { writer } = step;
  const x = step.value();
  const below = writer.activation(step.affine(x, scalarTerm(-1), scalarTerm(0), false), 'relu');
  return { ...x, layer: writer.add('Add', [writer.activation(x, 'relu'), below]) };
};

/** Slopes below 0, shared along the axes in which there is one. */
const prelu: Lowering = (step) => {
  const slopes = step.floats(1)!;
  const value = step.value();
  const x = value.flattened === undefined ? value : step.writer.natural(value);
  const sizes = sizesOf(slopes, x.shape) ?? step.refuse('its slopes are more than the elements');
  const shared_axes = x.order.flatMap((axis, place) => (sizes[axis] === x.shape[axis] ? [] : [place + 1]));
  const alpha = permuted(floatTensor(slopes.data, sizes), x.order);
  return step.writer.map(x, 'PReLU', { shared_axes }, { alpha });
};

/** Layers normalise along their last axis. */
const normalised =
  (activation: string): Lowering =>
  (step) => {
    const x = step.value();
    const rank = x.shape.length + 1;
    const given = intAttribute(step.node, 'axis', -1);
    const axis = (given < 0 ? given + rank : given) - 1;
    if (axis < 0) return step.refuse('it normalises along the batch');
    if (x.flattened !== undefined || lastAxis(x) === axis) return step.writer.activation(x, activation);
    return step.writer.activation(step.writer.ordered(x, withLast(x.order, axis)), activation);
  };

export const activationLowerings: Readonly<Record<string, Lowering>> = {
  Abs: absolute,
  Clip: clip,
  Elu: fixed('elu', { alpha: 1 }),
  Gelu: gelu,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  LeakyRelu: oneNumber('LeakyReLU', 'alpha', 0.01),
  LogSoftmax: normalised('logSoftmax'),
  PRelu: prelu,
  Relu: named('relu'),
  Selu: fixed('selu', { alpha: 1.6732632423543772, gamma: 1.0507009873554805 }),
  Sigmoid: named('sigmoid'),
  Softmax: normalised('softmax'),
  Softplus: named('softplus'),
  Softsign: named('softsign'),
  Tanh: named('tanh'),
  ThresholdedRelu: oneNumber('ThresholdedReLU', 'theta', 1),
};
