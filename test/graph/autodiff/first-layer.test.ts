import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { convolution } from './cases/convolution.js';
import { checkGradients, type WeightMode } from './gradient-check.js';

/** One to four channels and many filters: such a layer's input gradient has a lowering of its own. */
const firstLayers = fc
  .record({
    image: fc.array(fc.integer({ min: 5, max: 9 }), { minLength: 1, maxLength: 2 }),
    channels: fc.integer({ min: 1, max: 4 }),
    kernel: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 2 }),
    strides: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pads: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ image, channels, kernel, strides, dilation, pads }) => {
    const axes = image.length;
    const sizes = kernel.slice(0, axes).map((size, axis) => (axis === 0 ? Math.max(size, 2) : size));
    return convolution({
      name: 'at random',
      image,
      channels,
      filters: 4 * channels,
      kernel: sizes,
      strides: strides.slice(0, axes),
      dilations: image.map((size, axis) => (size > dilation * (sizes[axis]! - 1) ? dilation : 1)),
      pads: pads.slice(0, 2 * axes),
    });
  });

const mode = fc.constantFrom<WeightMode>('variable weights', 'constant weights');

describe('the gradient of a convolution of few channels and many filters', () => {
  it('agrees with central differences in float64', async () => {
    const property = fc.asyncProperty(firstLayers, mode, fc.integer({ min: 0 }), checkGradients);
    await fc.assert(property, { seed: 20260501, numRuns: 40 });
  });
});
