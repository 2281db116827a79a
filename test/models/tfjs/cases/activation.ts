import { byDifferences, conv, IMAGE, one, tfl, type LayerCases, type LayerCase } from './layer-case.js';

const activations: Record<string, LayerCase> = {};
for (const activation of [
  ...(['elu', 'gelu', 'hardSigmoid', 'linear', 'logSoftmax', 'mish', 'relu', 'relu6'] as const),
  ...(['selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'] as const),
]) {
  const layer = () => tfl.activation({ activation: activation as 'relu' });
  activations[`Activation ${activation} of vectors`] = one([6], () => tfl.dense({ units: 7 }), layer);
  activations[`Activation ${activation} of images`] = one(IMAGE, conv, layer, conv);
}
Object.assign(activations, {
  ReLU: one(
    [6],
    () => tfl.dense({ units: 7 }),
    () => tfl.reLU({}),
  ),
  'ReLU with a maximum': one(
    [6],
    () => tfl.dense({ units: 7 }),
    () => tfl.reLU({ maxValue: 0.4 }),
  ),
  LeakyReLU: one(IMAGE, conv, () => tfl.leakyReLU({ alpha: 0.2 })),
  'PReLU, a slope per element': one(IMAGE, conv, () => tfl.prelu({})),
  'PReLU, a slope per channel': one(IMAGE, conv, () => tfl.prelu({ sharedAxes: [1, 2] }), conv),
  'PReLU of vectors, one slope': one(
    [6],
    () => tfl.dense({ units: 7 }),
    () => tfl.prelu({ sharedAxes: [1] }),
  ),
  ELU: one(IMAGE, conv, () => tfl.elu({})),
  ThresholdedReLU: byDifferences(
    one([6], () => tfl.thresholdedReLU({ theta: 0.3 })),
    1 / 1024,
  ),
  'Softmax of vectors': one(
    [6],
    () => tfl.dense({ units: 7 }),
    () => tfl.softmax({ axis: 1 }),
  ),
  'Softmax of channels': one(IMAGE, conv, () => tfl.softmax({ axis: 3 }), conv),
} satisfies Record<string, LayerCase>);

/** Activation functions, as layers and as settings. */
export const activationCases: LayerCases = activations;
