import { defineArchitecture } from '../define.js';
import { denseLayers } from '../dense-layers.js';
import { sizes } from './schemas.js';

/** Flattened pixels through dense layers of the given widths, each followed by the activation. */
export default defineArchitecture({
  part: 'backbone',
  id: 'mlp',
  title: 'MLP',
  summary: 'dense layers of the given widths',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['widths'],
    properties: { widths: sizes(1, 16) },
  },
  build: (layers, x, { widths }, activation) => denseLayers(layers, layers.flatten(x), widths, activation),
});
