import type { ActivationId } from './activations.js';
import type { LayerBuilder, VectorValue } from './layers.js';

/** Dense layers `backbone.dense1`, ... of the given widths, each followed by the activation. */
export function denseLayers(
  layers: LayerBuilder,
  x: VectorValue,
  widths: readonly number[],
  activation: ActivationId,
): VectorValue {
  return widths.reduce(
    (features, width, i) =>
      layers.activate(layers.dense(`backbone.dense${i + 1}`, features, width), activation),
    x,
  );
}
