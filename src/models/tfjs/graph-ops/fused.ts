import { float } from '../../../graph/builder.js';
import type { Value } from '../value.js';
import { beside, unary } from './elementwise.js';
import type { Operation } from './operation.js';

/** What a fused operation does after its product: the input that is added per channel, and a function. */
export interface Fused {
  /** Index of the input. */
  readonly bias?: number;
  readonly after: (value: Value) => Value;
}

const NONE: Fused = { after: (value) => value };

/** Reads `fused_ops`; inputs from the third on are their arguments. Operations that are not fused have none. */
export function fusedOf(operation: Operation): Fused {
  const { attributes } = operation;
  const [first, ...others] = attributes.words('fused_ops');
  if (first === undefined) return NONE;
  const hasBias = first === 'BiasAdd';
  const [activation, ...more] = hasBias ? others : [first, ...others];
  if (more.length > 0) operation.unsupported(`fused_ops are ${[first, ...others].join(', ')}`);
  const argument = hasBias ? 3 : 2;
  return { ...(hasBias && { bias: 2 }), after: (value) => activated(operation, value, activation, argument) };
}

/** @param argument index of the input that the activation takes, if it takes one */
function activated(
  operation: Operation,
  value: Value,
  activation: string | undefined,
  argument: number,
): Value {
  const { emitter, attributes } = operation;
  if (activation === undefined) return value;
  if (activation === 'Prelu')
    return emitter.map(value, 'PRelu', {}, beside(operation, operation.floats(argument), value).name);
  if (activation === 'LeakyRelu')
    return emitter.map(value, 'LeakyRelu', { alpha: float(attributes.number('leakyrelu_alpha', 0.2)) });
  const found = unary.get(activation);
  return found === undefined
    ? operation.unsupported(`there is no fused activation ${activation}`)
    : found.emit(emitter, value, operation);
}
