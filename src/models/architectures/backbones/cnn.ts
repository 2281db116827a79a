import { typedArchitecture } from '../define.js';
import { denseLayers } from '../dense-layers.js';
import type { ImageValue } from '../layers.js';
import { sizes } from './schemas.js';

/**
 * Per entry of `channels`: 3x3 convolution, 2x2 max pooling, activation; then dense layers as in the MLP. Pooling comes first as
 * a quarter of the values is left to activate, which a ReLU does not notice.
 */
export default typedArchitecture({
  kind: 'architecture',
  part: 'backbone',
  metadata: {
    id: 'cnn',
    title: 'small CNN',
    summary: '3x3 convolution, 2x2 max pooling and activation per stage, then dense layers',
    version: '1.0.0',
    apiVersion: 1,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['channels', 'widths'],
    properties: {
      channels: { ...sizes(1, 16), description: 'Filters of each convolution' },
      widths: { ...sizes(0, 16), description: 'Units of each dense layer' },
    },
  },
  build(layers, x, { channels, widths }, activation) {
    const images = channels.reduce<ImageValue>((image, filters, i) => {
      const pooled = layers.maxPool2x2(layers.conv3x3(`backbone.conv${i + 1}`, image, filters));
      return layers.activate(pooled, activation);
    }, x);
    return denseLayers(layers, layers.flatten(images), widths, activation);
  },
});
