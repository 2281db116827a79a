import { attribute, type GraphFile } from '../graph-file.js';

/** Builds a small graph on examples of a shape; gives the value asked for. */
export interface GraphCase {
  readonly shape: readonly number[];
  readonly build: (graph: GraphFile) => string;
  /** Step of the differences that gradients come from, where TensorFlow.js has none or a wrong one. */
  readonly differences?: number;
}

export type GraphCases = Readonly<Record<string, GraphCase>>;

const { word, integers } = attribute;

export const IMAGE = [7, 6, 3];

/** Settings of a convolution. */
export const convolution = (padding = 'SAME', stride = 1, dilation = 1) => ({
  padding: word(padding),
  strides: integers(1, stride, stride, 1),
  dilations: integers(1, dilation, dilation, 1),
  data_format: word('NHWC'),
});

/** A convolution to four smooth channels. */
export const conv = (graph: GraphFile, x = 'x', channels = 3): string =>
  graph.add('Tanh', [graph.add('Conv2D', [x, graph.floats([3, 3, channels, 4])], convolution())]);
