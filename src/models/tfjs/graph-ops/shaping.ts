import type { InferredDim } from '../../../graph/ir.js';
import { elementCount, floatTensor } from '../../../tensor/tensor.js';
import { flattened, relabelled } from '../flatten.js';
import { integers, runtime, type Operand } from '../operand.js';
import { natural, sizeOf, type Value } from '../value.js';
import type { Operation, OpLowering } from './operation.js';

const identity: OpLowering = ({ inputs }) => inputs[0]!;

/** The batch and the sizes of an example. */
const shape: OpLowering = (operation) => integers([{ batch: 1 }, ...operation.value(0).shape]);

const reshape: OpLowering = (operation) => {
  const { emitter, inputs } = operation;
  const [given, target] = inputs as [Operand, Operand];
  if (target.kind !== 'integers') return operation.unsupported('input 1 must be a shape that is known');
  if (given.kind === 'integers')
    return { ...given, dims: closed(operation, target.values, given.values.length) };
  if (given.kind === 'floats') {
    const { data } = given.tensor;
    return { ...given, tensor: floatTensor(data, closed(operation, target.values, data.length)) };
  }
  const [first, ...sizes] = target.values;
  if (given.rows === true) return apart(operation, given.value, target.values);
  const x = operation.value(0);
  if (areRows(x, first, sizes)) return { ...runtime(x), rows: true };
  const wanted = sizes.length === 0 ? [] : closed(operation, sizes, sizeOf(x));
  if (wanted.length === 0) return operation.unsupported('it leaves no axis beside the batch');
  if (wanted.join() === x.shape.join()) return runtime(x);
  if (wanted.length === 1) return runtime(flattened(emitter, x));
  return runtime(natural(emitter.reshape(emitter.natural(x).name, wanted), wanted));
};

/** Whether a shape has the rows of all examples below one another. */
function areRows(
  { shape }: Value,
  first: InferredDim | undefined,
  [width, ...others]: readonly InferredDim[],
): boolean {
  if (shape.length < 2 || width !== shape.at(-1) || others.length > 0) return false;
  const rows = elementCount(shape.slice(0, -1));
  return rows > 1 && (typeof first === 'object' ? first.batch === rows : first === -1);
}

/** Rows as the examples that they are of. */
function apart(operation: Operation, value: Value, [batch, ...sizes]: readonly InferredDim[]): Operand {
  const isBatch = typeof batch === 'object' ? batch.batch === 1 : batch === -1;
  const { shape } = value;
  const isSame = (size: InferredDim, axis: number): boolean => size === shape[axis] || size === -1;
  if (isBatch && sizes.length === shape.length && sizes.every(isSame)) return runtime(value);
  return operation.unsupported(
    `it makes ${JSON.stringify([batch, ...sizes])} of rows that were [${shape.join(', ')}] per example`,
  );
}

/** The shape with its one open size filled in, so that it holds `size` elements. */
function closed(operation: Operation, dims: readonly InferredDim[], size: number): number[] {
  const known = dims.filter((dim) => dim !== -1);
  const sizes = known.filter((dim) => typeof dim === 'number');
  const open = size / elementCount(sizes);
  const shape = dims.map((dim) => (dim === -1 ? open : (dim as number)));
  if (sizes.length >= dims.length - 1 && known.length === sizes.length && elementCount(shape) === size)
    return shape;
  return operation.unsupported(
    `its shape does not keep examples apart: ${JSON.stringify(dims)} of ${size} elements, the batch left out`,
  );
}

const squeeze: OpLowering = (operation) => {
  const x = operation.value(0);
  const rank = x.shape.length;
  const given = operation.attributes.integers('squeeze_dims');
  const named = given.length > 0 ? given : operation.attributes.integers('axis');
  const axes =
    named.length > 0
      ? named.map((axis) => operation.axis(axis, rank))
      : [...x.shape.keys()].filter((axis) => x.shape[axis] === 1);
  if (axes.some((axis) => x.shape[axis] !== 1))
    return operation.unsupported('it names an axis that is not of length 1');
  return runtime(operation.emitter.squeezed(x, axes));
};

const expandDims: OpLowering = (operation) => {
  const [given] = operation.inputs;
  const [axis = 0] = operation.integers(1);
  if (given?.kind === 'integers' && given.dims.length === 0) return integers(given.values);
  const x = operation.value(0);
  return runtime(operation.emitter.expanded(x, operation.axis(axis, x.shape.length + 1)));
};

const transpose: OpLowering = (operation) => {
  const x = operation.value(0);
  const [batch, ...perm] = operation.integers(1);
  if (batch !== 0 || perm.length !== x.shape.length) return operation.unsupported('it moves the batch axis');
  return runtime(
    relabelled(
      x,
      perm.map((axis) => operation.axis(axis, x.shape.length)),
    ),
  );
};

/** Between floats, and between integers, nothing changes. */
const cast: OpLowering = (operation) => {
  const given = operation.inputs[0]!;
  const fits = operation.attributes.isFloat('DstT') === (given.kind !== 'integers');
  return fits ? given : operation.unsupported('supported are casts between floats, and between integers');
};

/** Operations that move elements and leave their values alone. */
export const shapingOps: Readonly<Record<string, OpLowering>> = {
  Cast: cast,
  ExpandDims: expandDims,
  Identity: identity,
  Reshape: reshape,
  Shape: shape,
  Squeeze: squeeze,
  StopGradient: identity,
  Transpose: transpose,
};
