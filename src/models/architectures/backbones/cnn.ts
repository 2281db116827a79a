import { activations } from '../activations.js';
import { defineArchitecture } from '../define.js';
import { denseLayers } from '../dense-layers.js';
import type { ImageValue } from '../layers.js';
import { sizes } from './schemas.js';

/** Per entry of `channels`: 3x3 convolution, activation, 2x2 max pooling; then dense layers as in the MLP. */
export default defineArchitecture({
  part: 'backbone',
  id: 'cnn',
  title: 'small CNN',
  summary: '3x3 convolution, activation and 2x2 max pooling per stage, then dense layers',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['channels', 'widths'],
    properties: { channels: sizes(1, 16), widths: sizes(0, 16) },
  },
  build(layers, x, { channels, widths }, activation) {
    const images = channels.reduce<ImageValue>((image, filters, i) => {
      const conv = layers.conv3x3(`backbone.conv${i + 1}`, image, filters);
      return layers.maxPool2x2({ ...conv, value: activations[activation](layers.builder, conv.value) });
    }, x);
    return denseLayers(layers, layers.flatten(images), widths, activation);
  },
});
