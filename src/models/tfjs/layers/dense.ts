import type { FloatTensor } from '../../../tensor/tensor.js';
import { alongLast } from '../dense.js';
import { withRows } from '../rows.js';
import { natural, type Value } from '../value.js';
import { activated } from './activation.js';
import type { Layer, Lowering } from './layer.js';

/** x kernel + bias along the last axis. */
const dense: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const width = x.shape.at(-1) ?? 0;
  const units = layer.config.count('units');
  const product = x.shape.length === 1 ? ofVector : ofSeveralAxes;
  return activated(layer, product(layer, x, [width, units]));
};

type Product = (layer: Layer, x: Value, kernel: readonly [width: number, units: number]) => Value;

/** The name of the bias; undefined without one. */
function biasOf(layer: Layer, units: number): string | undefined {
  return layer.config.flag('use_bias', true) ? layer.constant('bias', [units]) : undefined;
}

/** A vector in any order: the rows of the kernel are put into it, once, so that the vector need not be moved. */
const ofVector: Product = (layer, x, kernel) => {
  const { elements } = x;
  const weight = layer.constant(
    'kernel',
    kernel,
    ...(elements === undefined ? [] : [(tensor: FloatTensor) => withRows(tensor, elements)]),
  );
  const bias = biasOf(layer, kernel[1]);
  return natural(layer.emitter.add('Gemm', [x.name, weight, ...(bias === undefined ? [] : [bias])]), [
    kernel[1],
  ]);
};

const ofSeveralAxes: Product = (layer, x, kernel) =>
  alongLast(layer.emitter, x, {
    units: kernel[1],
    weight: (arrange) => layer.constant('kernel', kernel, ...(arrange === undefined ? [] : [arrange])),
    bias: biasOf(layer, kernel[1]),
  });

export const denseLayers: Readonly<Record<string, Lowering>> = { Dense: dense };
