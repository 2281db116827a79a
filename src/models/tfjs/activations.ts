import { float, int } from '../../graph/builder.js';
import type { Emitter } from './emitter.js';
import { storedAxis, type Value } from './value.js';

type Activation = (emitter: Emitter, x: Value) => Value;

const operator =
  (op: string, attributes: Parameters<Emitter['map']>[2] = {}): Activation =>
  (emitter, x) =>
    emitter.map(x, op, attributes);

/** Writes an activation in terms of the value's name. */
const composed =
  (emit: (emitter: Emitter, x: string) => string): Activation =>
  (emitter, x) => ({ ...x, name: emit(emitter, x.name) });

/** max(low, min(x, high)). */
export const clipped = (emitter: Emitter, x: Value, low: number, high: number): Value =>
  emitter.map(x, 'Clip', {}, emitter.scalar(low), emitter.scalar(high));

/** Along an axis of the example, the last one by default. */
export const normalised = (
  emitter: Emitter,
  x: Value,
  op: 'Softmax' | 'LogSoftmax',
  axis = x.shape.length - 1,
) => emitter.map(x, op, { axis: int(storedAxis(x, axis)) });

/** x (1 + erf(x / sqrt 2)) / 2. */
const gelu = composed((emitter, x) => {
  const erf = emitter.add('Erf', [emitter.add('Mul', [x, emitter.scalar(Math.SQRT1_2)])]);
  const gate = emitter.add('Add', [erf, emitter.scalar(1)]);
  return emitter.add('Mul', [emitter.add('Mul', [x, emitter.scalar(0.5)]), gate]);
});

/** x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), written as x sigmoid(2 u). */
const geluNew = composed((emitter, x) => {
  const rate = 2 * Math.sqrt(2 / Math.PI);
  const square = emitter.add('Mul', [x, x]);
  const cubic = emitter.add('Mul', [square, emitter.scalar(0.044715 * rate)]);
  const twice = emitter.add('Mul', [x, emitter.add('Add', [cubic, emitter.scalar(rate)])]);
  return emitter.add('Mul', [x, emitter.add('Sigmoid', [twice])]);
});

/**
 * The activation functions of TensorFlow.js layers, by their names without capitals and underscores. Where the derivative jumps,
 * the convention is that of the operator (docs/operators.md).
 */
export const activations: ReadonlyMap<string, Activation> = new Map(
  Object.entries<Activation>({
    elu: operator('Elu'),
    gelu,
    gelunew: geluNew,
    hardsigmoid: operator('HardSigmoid', { alpha: float(0.2), beta: float(0.5) }),
    linear: (_emitter, x) => x,
    logsoftmax: (emitter, x) => normalised(emitter, x, 'LogSoftmax'),
    mish: composed((emitter, x) =>
      emitter.add('Mul', [x, emitter.add('Tanh', [emitter.add('Softplus', [x])])]),
    ),
    relu: operator('Relu'),
    relu6: (emitter, x) => clipped(emitter, x, 0, 6),
    selu: operator('Selu', { alpha: float(1.6732632423543772), gamma: float(1.0507009873554805) }),
    sigmoid: operator('Sigmoid'),
    softmax: (emitter, x) => normalised(emitter, x, 'Softmax'),
    softplus: operator('Softplus'),
    softsign: operator('Softsign'),
    swish: composed((emitter, x) => emitter.add('Mul', [x, emitter.add('Sigmoid', [x])])),
    tanh: operator('Tanh'),
  }),
);
