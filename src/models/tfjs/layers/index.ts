import { activationLayers } from './activation.js';
import { convolutionLayers } from './convolution.js';
import { denseLayers } from './dense.js';
import { identityLayers } from './identity.js';
import type { Lowering } from './layer.js';
import { mergingLayers } from './merging.js';
import { normalizationLayers } from './normalization.js';
import { poolingLayers } from './pooling.js';
import { preprocessingLayers } from './preprocessing.js';
import { shapingLayers } from './shaping.js';
import { spatialLayers } from './spatial.js';

/** Classes of layers by family, for the documentation. */
export const layerFamilies: Readonly<Record<string, Readonly<Record<string, Lowering>>>> = {
  dense: denseLayers,
  convolutions: convolutionLayers,
  pooling: poolingLayers,
  normalization: normalizationLayers,
  activations: activationLayers,
  shapes: shapingLayers,
  merging: mergingLayers,
  'padding and resizing': spatialLayers,
  preprocessing: preprocessingLayers,
  'in training only': identityLayers,
};

/** How to write each class of layers, by class name; inputs and nested models are the topology's. */
export const layerLowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.values(layerFamilies).flatMap((family) => Object.entries(family)),
);
