import * as layers from '@tensorflow/tfjs-layers';

export type Symbolic = layers.SymbolicTensor;

/** A small model, and what is special about it. */
export interface LayerCase {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly build: (x: Symbolic) => Symbolic;
  /** A layer of four scores after it, or its own values as scores. */
  readonly head?: 'dense' | 'none';
  /**
   * Step of the differences that gradients come from, where TensorFlow.js has no gradient of its own or a wrong one: its means
   * share a gradient with the padding, for one.
   */
  readonly differences?: number;
  /** What the file says beside what TensorFlow.js writes, by class name. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type LayerCases = Readonly<Record<string, LayerCase>>;

export const tfl = layers.layers;

/** What a layer is to a test. */
export interface Applied {
  apply(x: Symbolic | Symbolic[]): unknown;
}

/** Layers one after another. */
export const chain =
  (...made: readonly (() => Applied)[]) =>
  (x: Symbolic): Symbolic =>
    made.reduce((value, make) => make().apply(value) as Symbolic, x);

export const one = (shape: readonly number[], ...made: readonly (() => Applied)[]): LayerCase => ({
  shape,
  build: chain(...made),
});

export const byDifferences = (given: LayerCase, differences = 1 / 16): LayerCase => ({
  ...given,
  differences,
});

export const withSettings = (given: LayerCase, settings: LayerCase['settings'] & object): LayerCase => ({
  ...given,
  settings,
});

export const IMAGE = [7, 6, 3];
export const SEQUENCE = [9, 4];
/** An image with its channels first. */
export const FIRST = [3, 7, 6];

/** A convolution that keeps the size of an image and makes it four smooth channels. */
export const conv = (): Applied =>
  tfl.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' });
