import { permuted } from '../../../tensor/permute.js';
import type { FloatTensor } from '../../../tensor/tensor.js';
import { alongLast } from '../dense.js';
import { withRows } from '../rows.js';
import { natural } from '../value.js';
import { fusedOf } from './fused.js';
import type { OpLowering } from './operation.js';

/** A vector per example, in any order, or rows of several, times a matrix in the file. */
const product: OpLowering = (operation) => {
  const { attributes, emitter } = operation;
  if (attributes.flag('transpose_a')) operation.unsupported('transpose_a is true; supported is false');
  const given = operation.runtime(0);
  const x = given.rows === true ? given.value : operation.value(0, 1);
  const factor = operation.floats(1);
  const matrix = attributes.flag('transpose_b') ? permuted(factor.tensor, [1, 0]) : factor.tensor;
  const [width, units] = matrix.dims;
  if (width !== x.shape.at(-1) || units === undefined)
    return operation.unsupported(
      `cannot multiply [${x.shape.join(', ')}] by [${factor.tensor.dims.join(', ')}]`,
    );
  const fused = fusedOf(operation);
  const bias = fused.bias === undefined ? undefined : operation.constant(operation.floats(fused.bias));
  const weight = (arrange: (tensor: FloatTensor) => FloatTensor = (same) => same): string =>
    operation.constant(factor, () => arrange(matrix));
  if (given.rows === true)
    return { ...given, value: fused.after(alongLast(emitter, x, { units, weight, bias })) };
  const { elements } = x;
  const sorted = elements === undefined ? weight() : weight((tensor) => withRows(tensor, elements));
  const inputs = [x.name, sorted, ...(bias === undefined ? [] : [bias])];
  return { ...given, value: fused.after(natural(emitter.add('Gemm', inputs), [units])) };
};

export const productOps: Readonly<Record<string, OpLowering>> = { MatMul: product, _FusedMatMul: product };
