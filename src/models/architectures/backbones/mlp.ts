import { typedArchitecture } from '../define.js';
import { denseLayers } from '../dense-layers.js';
import { sizes } from './schemas.js';

/** Flattened pixels through dense layers of the given widths, each followed by the activation. */
export default typedArchitecture({
  kind: 'architecture',
  part: 'backbone',
  metadata: {
    id: 'mlp',
    title: 'MLP',
    summary: 'dense layers of the given widths',
    version: '1.0.0',
    apiVersion: 1,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['widths'],
    properties: { widths: { ...sizes(1, 16), description: 'Units of each dense layer' } },
  },
  build: (layers, x, { widths }, activation) => denseLayers(layers, layers.flatten(x), widths, activation),
});
