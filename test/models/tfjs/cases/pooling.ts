import {
  byDifferences,
  FIRST,
  IMAGE,
  one,
  SEQUENCE,
  tfl,
  type LayerCase,
  type LayerCases,
} from './layer-case.js';

const pools: Record<string, LayerCase> = {};
for (const padding of ['valid', 'same'] as const)
  for (const strides of [1, 2, 3]) {
    const how = `${padding}, stride ${strides}`;
    pools[`MaxPooling2D, ${how}`] = one(IMAGE, () =>
      tfl.maxPooling2d({ poolSize: [3, 2], strides, padding }),
    );
    pools[`AveragePooling2D, ${how}`] = byDifferences(
      one(IMAGE, () => tfl.averagePooling2d({ poolSize: [3, 2], strides, padding })),
    );
    pools[`MaxPooling1D, ${how}`] = one(SEQUENCE, () => tfl.maxPooling1d({ poolSize: 3, strides, padding }));
    pools[`AveragePooling1D, ${how}`] = byDifferences(
      one(SEQUENCE, () => tfl.averagePooling1d({ poolSize: 3, strides, padding })),
    );
  }

/** Pooling in every way it can be set. */
export const poolingCases: LayerCases = {
  ...pools,
  'MaxPooling2D, channels first': one(FIRST, () =>
    tfl.maxPooling2d({ poolSize: 2, padding: 'same', dataFormat: 'channelsFirst' }),
  ),
  'AveragePooling2D, channels first': byDifferences(
    one(FIRST, () =>
      tfl.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same', dataFormat: 'channelsFirst' }),
    ),
  ),
  'AveragePooling2D after MaxPooling2D, default sizes': one(
    [8, 8, 2],
    () => tfl.maxPooling2d({}),
    () => tfl.averagePooling2d({}),
  ),

  GlobalAveragePooling1D: one(SEQUENCE, () => tfl.globalAveragePooling1d()),
  GlobalMaxPooling1D: one(SEQUENCE, () => tfl.globalMaxPooling1d()),
  GlobalAveragePooling2D: one(IMAGE, () => tfl.globalAveragePooling2d({})),
  GlobalMaxPooling2D: one(IMAGE, () => tfl.globalMaxPooling2d({})),
  'GlobalAveragePooling2D, channels first': one(FIRST, () =>
    tfl.globalAveragePooling2d({ dataFormat: 'channelsFirst' }),
  ),
  'GlobalMaxPooling2D, channels first': one(FIRST, () =>
    tfl.globalMaxPooling2d({ dataFormat: 'channelsFirst' }),
  ),
};
