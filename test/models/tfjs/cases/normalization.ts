import { byDifferences, conv, IMAGE, one, SEQUENCE, tfl, type LayerCases } from './layer-case.js';

/** Layers that normalise; see also where TensorFlow.js is wrong, closed-forms.test.ts. */
export const normalizationCases: LayerCases = {
  'BatchNormalization of the input': one(IMAGE, () => tfl.batchNormalization(), conv),
  'BatchNormalization after a convolution': one(
    IMAGE,
    conv,
    () => tfl.batchNormalization({ epsilon: 0.1 }),
    conv,
  ),
  'BatchNormalization of vectors': byDifferences(
    one([6], () => tfl.batchNormalization({ scale: false, center: false })),
  ),
  'BatchNormalization of sequences': byDifferences(
    one(SEQUENCE, () => tfl.batchNormalization({ scale: false })),
  ),
  'LayerNormalization of vectors': one([6], () => tfl.layerNormalization({})),
  'LayerNormalization of channels': one(IMAGE, conv, () => tfl.layerNormalization({ epsilon: 0.01 }), conv),
  'LayerNormalization of several axes': one(IMAGE, conv, () => tfl.layerNormalization({ axis: [2, 3] })),
  'LayerNormalization without scale and center': byDifferences(
    one(SEQUENCE, () => tfl.layerNormalization({ scale: false, center: false, epsilon: 0.1 })),
  ),
};
