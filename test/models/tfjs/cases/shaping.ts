import { conv, FIRST, IMAGE, one, SEQUENCE, tfl, withSettings, type LayerCases } from './layer-case.js';

/** Dense layers, and those that move elements. */
export const shapingCases: LayerCases = {
  'Dense on vectors, without bias': one([6], () =>
    tfl.dense({ units: 5, useBias: false, activation: 'relu' }),
  ),
  'Dense on sequences': one(SEQUENCE, () => tfl.dense({ units: 5, activation: 'tanh' })),
  'Dense on images as they come': one(IMAGE, () => tfl.dense({ units: 2, useBias: false })),
  'Dense on images after a convolution': one(IMAGE, conv, () => tfl.dense({ units: 2, activation: 'relu' })),
  'Dense on sequences after a convolution': one(
    SEQUENCE,
    () => tfl.conv1d({ filters: 3, kernelSize: 2 }),
    () => tfl.dense({ units: 2 }),
  ),
  'Flatten of an image, and two Dense': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.dense({ units: 6, activation: 'tanh' }),
  ),
  'Flatten of an image as scores': { ...one([3, 2, 2], conv, () => tfl.flatten()), head: 'none' },
  'Flatten, activation, dropout, batch normalization': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.activation({ activation: 'sigmoid' }),
    () => tfl.dropout({ rate: 0.5 }),
    () => tfl.batchNormalization(),
  ),
  'Flatten and PReLU': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.prelu({ alphaInitializer: 'ones' }),
  ),
  'Flatten and Softmax': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.softmax({ axis: -1 }),
  ),
  'Flatten, channels first': one(
    FIRST,
    () => tfl.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
    () => tfl.flatten({ dataFormat: 'channelsFirst' }),
  ),
  'Flatten of channels first as if they were last': one(
    FIRST,
    () => tfl.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
    () => tfl.flatten(),
  ),
  'Reshape of a vector to an image, and a convolution': withSettings(
    one([60], () => tfl.reshape({ targetShape: [5, 4, 3] }), conv),
    { Reshape: { target_shape: [5, null, 3] } },
  ),
  'Reshape of an image to another': one(IMAGE, conv, () => tfl.reshape({ targetShape: [6, 7, 4] }), conv),
  'Reshape of an image to a sequence': withSettings(
    one(IMAGE, conv, () => tfl.reshape({ targetShape: [42, 4] })),
    { Reshape: { target_shape: [-1, 4] } },
  ),
  'Reshape of an image to a vector': withSettings(
    one(IMAGE, conv, () => tfl.reshape({ targetShape: [168] })),
    { Reshape: { target_shape: [null] } },
  ),
  'Reshape of a flattened image': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.reshape({ targetShape: [7, 24] }),
  ),
  'Reshape to what it was': one(IMAGE, conv, () => tfl.reshape({ targetShape: [7, 6, 4] }), conv),
  'Reshape of pooled channels to one point, and a convolution': one(
    IMAGE,
    conv,
    () => tfl.globalAveragePooling2d({}),
    () => tfl.reshape({ targetShape: [1, 1, 4] }),
    () => tfl.conv2d({ filters: 5, kernelSize: 1 }),
    () => tfl.reshape({ targetShape: [5] }),
  ),
  'Permute of an image, and a convolution': one(IMAGE, () => tfl.permute({ dims: [2, 3, 1] }), conv),
  'Permute after a convolution': one(IMAGE, conv, () => tfl.permute({ dims: [3, 1, 2] })),
  'Permute of a sequence': one(
    SEQUENCE,
    () => tfl.permute({ dims: [2, 1] }),
    () => tfl.dense({ units: 3 }),
  ),
  RepeatVector: one(
    [5],
    () => tfl.repeatVector({ n: 3 }),
    () => tfl.conv1d({ filters: 2, kernelSize: 2 }),
  ),
  'RepeatVector of a flattened image': one(
    IMAGE,
    conv,
    () => tfl.flatten(),
    () => tfl.repeatVector({ n: 2 }),
  ),
};
