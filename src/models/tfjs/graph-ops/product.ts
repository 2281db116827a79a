import { permuted } from '../../../tensor/permute.js';
import type { FloatTensor } from '../../../tensor/tensor.js';
import { withRows } from '../rows.js';
import { runtime } from '../operand.js';
import { natural } from '../value.js';
import { fusedOf } from './fused.js';
import type { OpLowering } from './operation.js';

/** A vector per example times a matrix in the file; the vector may be stored in any order. */
const product: OpLowering = (operation) => {
  const { attributes, emitter } = operation;
  if (attributes.flag('transpose_a')) operation.unsupported('transpose_a is true; supported is false');
  const x = operation.value(0, 1);
  const factor = operation.floats(1);
  const inRows = (matrix: FloatTensor): FloatTensor => {
    const upright = attributes.flag('transpose_b') ? permuted(matrix, [1, 0]) : matrix;
    return x.elements === undefined ? upright : withRows(upright, x.elements);
  };
  const matrix = inRows(factor.tensor);
  const [width, units] = matrix.dims;
  if (width !== x.shape[0] || units === undefined)
    return operation.unsupported(
      `cannot multiply [${x.shape.join(', ')}] by [${factor.tensor.dims.join(', ')}]`,
    );
  const { bias, after } = fusedOf(operation);
  const inputs = [
    x.name,
    operation.constant(factor, () => matrix),
    ...(bias === undefined ? [] : [operation.constant(operation.floats(bias))]),
  ];
  return runtime(after(natural(emitter.add('Gemm', inputs), [units])));
};

export const productOps: Readonly<Record<string, OpLowering>> = { MatMul: product, _FusedMatMul: product };
