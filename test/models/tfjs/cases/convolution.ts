import {
  byDifferences,
  FIRST,
  IMAGE,
  one,
  SEQUENCE,
  tfl,
  withSettings,
  type LayerCase,
  type LayerCases,
} from './layer-case.js';

const convolutions: Record<string, LayerCase> = {};
for (const padding of ['valid', 'same'] as const) {
  for (const strides of [1, 2, 3]) {
    const how = `${padding}, stride ${strides}`;
    convolutions[`Conv2D, ${how}`] = one(IMAGE, () =>
      tfl.conv2d({ filters: 4, kernelSize: [3, 2], strides, padding }),
    );
    convolutions[`Conv1D, ${how}`] = one(SEQUENCE, () =>
      tfl.conv1d({ filters: 3, kernelSize: 3, strides, padding }),
    );
    convolutions[`Conv2DTranspose, ${how}`] = one([4, 3, 3], () =>
      tfl.conv2dTranspose({ filters: 2, kernelSize: [3, 2], strides, padding }),
    );
    convolutions[`DepthwiseConv2D, ${how}`] = one(IMAGE, () =>
      tfl.depthwiseConv2d({ kernelSize: 3, strides, padding, depthMultiplier: 2 }),
    );
  }
  convolutions[`Conv2D, ${padding}, dilated`] = byDifferences(
    one([9, 8, 2], () => tfl.conv2d({ filters: 3, kernelSize: 3, dilationRate: [2, 3], padding })),
  );
  convolutions[`Conv1D, ${padding}, dilated`] = byDifferences(
    one(SEQUENCE, () => tfl.conv1d({ filters: 3, kernelSize: 3, dilationRate: 2, padding })),
  );
  // TensorFlow.js itself does not write the multiplier of this layer; Keras does.
  convolutions[`SeparableConv2D, ${padding}`] = withSettings(
    one(IMAGE, () =>
      tfl.separableConv2d({
        ...{ filters: 5, kernelSize: 3, strides: 2, padding, depthMultiplier: 2 },
        activation: 'tanh',
      }),
    ),
    { SeparableConv2D: { depth_multiplier: 2 } },
  );
}

const dataFormat = 'channelsFirst';

/** Convolutions in every way they can be set. */
export const convolutionCases: LayerCases = {
  ...convolutions,
  'Conv2D, even kernel and stride on an odd image, same': one([7, 5, 2], () =>
    tfl.conv2d({ filters: 3, kernelSize: 4, strides: 2, padding: 'same' }),
  ),
  'Conv2D, kernel smaller than the stride, same': one([7, 6, 2], () =>
    tfl.conv2d({ filters: 3, kernelSize: 2, strides: 3, padding: 'same' }),
  ),
  'Conv2D without bias, twice, with activation': one(
    IMAGE,
    () => tfl.conv2d({ filters: 4, kernelSize: 3, useBias: false, activation: 'relu' }),
    () => tfl.conv2d({ filters: 2, kernelSize: 1, activation: 'elu' }),
  ),
  'Conv2D of one channel': one([6, 6, 1], () => tfl.conv2d({ filters: 3, kernelSize: 3 })),
  'Conv2D, channels first': one(FIRST, () =>
    tfl.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', dataFormat }),
  ),
  'DepthwiseConv2D, channels first, without bias': one(FIRST, () =>
    tfl.depthwiseConv2d({ kernelSize: 3, dataFormat, useBias: false }),
  ),
  'SeparableConv2D, channels first, without bias': one(FIRST, () =>
    tfl.separableConv2d({ filters: 2, kernelSize: 3, dataFormat, useBias: false }),
  ),
  'Conv2DTranspose, channels first, without bias': one([2, 4, 3], () =>
    tfl.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, dataFormat, useBias: false }),
  ),
  'Conv2DTranspose, kernel smaller than the stride': one([4, 3, 2], () =>
    tfl.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3, activation: 'sigmoid' }),
  ),
};
