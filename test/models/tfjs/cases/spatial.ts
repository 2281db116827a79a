import { byDifferences, conv, FIRST, IMAGE, one, tfl, type LayerCases } from './layer-case.js';

/** Layers that make images larger or smaller. */
export const spatialCases: LayerCases = {
  'ZeroPadding2D by one': one(IMAGE, () => tfl.zeroPadding2d({}), conv),
  'ZeroPadding2D, each side its own': one(
    IMAGE,
    () =>
      tfl.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 3],
        ],
      }),
    () => tfl.conv2d({ filters: 2, kernelSize: 3, strides: 2 }),
  ),
  'ZeroPadding2D, channels first': one(FIRST, () =>
    tfl.zeroPadding2d({ padding: [1, 2], dataFormat: 'channelsFirst' }),
  ),
  'Cropping2D, each side its own': one(IMAGE, conv, () =>
    tfl.cropping2D({
      cropping: [
        [0, 1],
        [2, 1],
      ],
    }),
  ),
  'Cropping2D, channels first': one(FIRST, () =>
    tfl.cropping2D({ cropping: 1, dataFormat: 'channelsFirst' }),
  ),
  'UpSampling2D, nearest': byDifferences(one(IMAGE, () => tfl.upSampling2d({ size: [2, 3] }))),
  'UpSampling2D, bilinear': byDifferences(
    one(IMAGE, conv, () => tfl.upSampling2d({ size: [2, 3], interpolation: 'bilinear' })),
  ),
  'UpSampling2D of squares, bilinear': one(
    [4, 4, 2],
    () => tfl.upSampling2d({ interpolation: 'bilinear' }),
    conv,
  ),
  'UpSampling2D of squares, nearest': byDifferences(one([4, 4, 2], () => tfl.upSampling2d({}), conv)),
  'UpSampling2D, channels first': byDifferences(
    one(FIRST, () => tfl.upSampling2d({ size: [2, 2], dataFormat: 'channelsFirst' })),
  ),
};
