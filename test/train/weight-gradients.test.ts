import { describe, it } from '@jest/globals';
import { colour, expectReferenceGradients, type Case } from './weight-gradients.js';

const mlp = { kind: 'mlp', widths: [12, 7] } as const;
const cnn = { kind: 'cnn', channels: [3, 4], widths: [6] } as const;
const resnet = { kind: 'resnet', depth: 8, widths: [3, 4, 5] } as const;

const cases: readonly Case[] = [
  {
    name: 'dense layers, ReLU and the mean-square penalty on a linear penultimate layer',
    spec: { backbone: mlp, head: 'binenc', units: 5, activation: 'relu' },
    terms: { penalty: { kind: 'mean-square', strength: 0.7 } },
  },
  {
    name: 'dense layers, SiLU and the exponential penalty',
    spec: { backbone: mlp, head: 'wide-binenc', units: 20, activation: 'silu' },
    terms: { penalty: { kind: 'exp', strength: 0.3 } },
  },
  {
    name: 'the l1 penalty',
    spec: { backbone: mlp, head: 'binenc', units: 5, activation: 'silu' },
    terms: { penalty: { kind: 'l1', strength: 0.7 } },
  },
  {
    name: 'the exponential l1 penalty',
    spec: { backbone: mlp, head: 'binenc', units: 5, activation: 'silu' },
    terms: { penalty: { kind: 'exp-l1', strength: 0.4 } },
  },
  {
    name: 'dense layers and a non-linear penultimate layer',
    spec: { backbone: mlp, head: 'nonlinpen', units: 5, activation: 'silu' },
  },
  {
    name: 'convolutions, max pooling over an odd width, ReLU and a linear penultimate layer',
    spec: { backbone: cnn, head: 'linpen', units: 5, activation: 'relu' },
  },
  {
    name: 'convolutions and SiLU without penultimate layer',
    spec: { backbone: cnn, head: 'nopen', activation: 'silu' },
  },
  {
    name: 'dropout with a given mask',
    spec: { backbone: mlp, head: 'dropout-linpen', units: 5, activation: 'silu' },
  },
  {
    name: 'dropout without penultimate layer',
    spec: { backbone: cnn, head: 'dropout-nopen', activation: 'silu' },
  },
  {
    name: 'the ArcFace loss',
    spec: { backbone: mlp, head: 'linpen', units: 5, activation: 'silu', cosine: { scale: 8 } },
    terms: { loss: { kind: 'arcface', margin: 0.3, scale: 8 } },
  },
  {
    name: 'residual blocks, strided convolutions and batch normalisation in training mode, SiLU, three channels',
    spec: { backbone: resnet, head: 'binenc', units: 5, activation: 'silu' },
    input: colour,
    terms: { penalty: { kind: 'mean-square', strength: 0.7 } },
  },
];

describe('the gradient of the training loss with respect to the weights agrees with TensorFlow.js', () => {
  it.each(cases)('for $name', expectReferenceGradients);
});
