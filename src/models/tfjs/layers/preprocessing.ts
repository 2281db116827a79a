import type { Lowering } from './layer.js';

/** x scale + offset. */
const rescaling: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const scaled = emitter.map(layer.single(inputs), 'Mul', {}, emitter.scalar(config.number('scale')));
  const offset = config.number('offset', 0);
  return offset === 0 ? scaled : emitter.map(scaled, 'Add', {}, emitter.scalar(offset));
};

/** Preprocessing that is part of a model. */
export const preprocessingLayers: Readonly<Record<string, Lowering>> = { Rescaling: rescaling };
