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

/** How to write each class of layers, by class name; inputs and nested models are the topology's. */
export const layerLowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.entries({
    ...activationLayers,
    ...convolutionLayers,
    ...denseLayers,
    ...identityLayers,
    ...mergingLayers,
    ...normalizationLayers,
    ...poolingLayers,
    ...preprocessingLayers,
    ...shapingLayers,
    ...spatialLayers,
  }),
);
