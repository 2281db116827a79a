import { activations } from '../activations.js';
import { defineArchitecture } from '../define.js';
import { denseLayers } from '../dense-layers.js';
import type { ImageValue } from '../layers.js';
import { sizes } from './schemas.js';

/**
 * Per entry of `channels`: 3x3 convolution, 2x2 max pooling, activation; then dense layers as in the MLP. Pooling comes first as
 * a quarter of the values is left to activate, which a ReLU does not notice.
 */
export default defineArchitecture({
  part: 'backbone',
  id: 'cnn',
  title: 'small CNN',
  summary: '3x3 convolution, 2x2 max pooling and activation per stage, then dense layers',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['channels', 'widths'],
    properties: { channels: sizes(1, 16), widths: sizes(0, 16) },
  },
  build(layers, x, { channels, widths }, activation) {
    const images = channels.reduce<ImageValue>((image, filters, i) => {
      const pooled = layers.maxPool2x2(layers.conv3x3(`backbone.conv${i + 1}`, image, filters));
      return { ...pooled, value: activations[activation](layers.builder, pooled.value) };
    }, x);
    return denseLayers(layers, layers.flatten(images), widths, activation);
  },
});
