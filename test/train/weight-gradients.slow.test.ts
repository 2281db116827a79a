import { describe, it } from '@jest/globals';
import { colour, expectReferenceGradients, type Case } from './weight-gradients.js';

const cases: readonly Case[] = [
  {
    name: 'ResNet-18',
    spec: { backbone: { kind: 'resnet18', width: 2 }, head: 'linpen', units: 5, activation: 'silu' },
    input: colour,
  },
  {
    name: 'ResNet-50 and its bottleneck blocks',
    spec: { backbone: { kind: 'resnet50', width: 1 }, head: 'nopen', activation: 'silu' },
    input: colour,
    // 53 layers of few units, each normalised over few values: what float32 leaves.
    tolerance: 1e-2,
  },
];

describe('the gradient of the training loss with respect to the weights agrees with TensorFlow.js', () => {
  it.each(cases)('for $name', expectReferenceGradients);
});
