import { integers, type Integers } from '../operand.js';
import { foldSizes } from './fold.js';
import type { Operation, OpLowering } from './operation.js';

/** A list of whole numbers that are known, the batch size among them. */
function list(operation: Operation, index: number): Integers {
  const input = operation.inputs[index];
  return input?.kind === 'integers' && input.dims.length === 1
    ? input
    : operation.unsupported(`input ${index} must be a list of whole numbers that are known`);
}

/** The sizes at some places. */
const gather: OpLowering = (operation) => {
  const { values } = list(operation, 0);
  const places = operation.inputs[1];
  const [axis] = operation.inputs.length > 2 ? operation.integers(2) : [0];
  if (axis !== 0 || places?.kind !== 'integers')
    return operation.unsupported('it must take places of a list');
  const taken = operation.integers(1).map((place) => values[place < 0 ? place + values.length : place]);
  if (taken.includes(undefined)) return operation.unsupported('it reaches beyond the end');
  return integers(taken as Integers['values'], places.dims);
};

/** The product of all sizes. */
const product: OpLowering = (operation) => {
  const { values } = list(operation, 0);
  const total = values.reduce(
    (before, size) => foldSizes(operation, before, size, { fold: (a, b) => a * b, isProduct: true }),
    1,
  );
  return integers([total], operation.attributes.flag('keep_dims') ? [1] : []);
};

/** Operations on sizes alone, which exporters compute shapes with. */
export const sizeOps: Readonly<Record<string, OpLowering>> = {
  Gather: gather,
  GatherV2: gather,
  Prod: product,
};
