import type { Lowering } from './layer.js';

const identity: Lowering = (layer, inputs) => layer.single(inputs);

/** Layers that do something in training only. */
export const identityLayers: Readonly<Record<string, Lowering>> = {
  ActivityRegularization: identity,
  AlphaDropout: identity,
  Dropout: identity,
  GaussianDropout: identity,
  GaussianNoise: identity,
  SpatialDropout1D: identity,
  SpatialDropout2D: identity,
};
