import { floatAttribute, intAttribute } from '../../../graph/autodiff/attributes.js';
import { withRows } from '../../../models/tfjs/rows.js';
import { permuted, permutedPlaces } from '../../../tensor/permute.js';
import { floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import { mappedTerm, sizesOf, type Term } from '../affine.js';
import { lastAxis, withLast, type LayerValue } from '../layer-value.js';
import type { Lowering, Step } from '../step.js';

/** x kernel + bias along the last axis, the kernel [in, out]. */
function dense(step: Step, x: LayerValue, kernel: FloatTensor, bias?: Float32Array): LayerValue {
  const axis = x.shape.length - 1;
  const value =
    x.flattened !== undefined || lastAxis(x) === axis ? x : step.writer.ordered(x, withLast(x.order, axis));
  const [, units] = kernel.dims as [number, number];
  const layer = step.writer.add(
    'Dense',
    [value],
    { units, use_bias: bias !== undefined, activation: 'linear' },
    { kernel: sorted(kernel, value), ...(bias && { bias: floatTensor(bias, [units]) }) },
  );
  return { layer, shape: [...value.shape.slice(0, -1), units], order: value.order };
}

/** The rows in the order that the layer before has the elements of its vector. */
const sorted = (kernel: FloatTensor, { flattened }: LayerValue): FloatTensor =>
  flattened === undefined ? kernel : withRows(kernel, permutedPlaces(flattened.shape, flattened.order));

const scaled = (tensor: FloatTensor, factor: number): FloatTensor =>
  factor === 1 ? tensor : { ...tensor, data: tensor.data.map((value) => value * factor) };

function matrix(step: Step, index: number): FloatTensor {
  const tensor = step.floats(index);
  return tensor?.dims.length === 2 ? tensor : step.refuse('its matrix must have two axes');
}

const gemm: Lowering = (step) => {
  const { node } = step;
  if (intAttribute(node, 'transA', 0) !== 0) step.refuse('transA is set');
  const given = matrix(step, 1);
  const kernel = intAttribute(node, 'transB', 0) === 0 ? given : permuted(given, [1, 0]);
  const weight = scaled(kernel, floatAttribute(node, 'alpha', 1));
  const added = step.floats(2);
  if (added === undefined) return dense(step, step.value(), weight);
  const bias = perColumn(
    step,
    mappedTerm(added, (value) => value * floatAttribute(node, 'beta', 1)),
  );
  return dense(step, step.value(), weight, bias);
};

/** One number per column of a result. */
function perColumn(step: Step, term: Term): Float32Array {
  const [columns] = step.shape as [number];
  const sizes = sizesOf(term, [columns]) ?? step.refuse('what it adds differs between examples');
  return Float32Array.from({ length: columns }, (_, i) => term.data[sizes[0] === 1 ? 0 : i]!);
}

const product: Lowering = (step) => dense(step, step.value(), matrix(step, 1));

export const linearLowerings: Readonly<Record<string, Lowering>> = { Gemm: gemm, MatMul: product };
