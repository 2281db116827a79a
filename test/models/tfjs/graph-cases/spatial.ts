import { attribute } from '../graph-file.js';
import { conv, convolution, IMAGE, type GraphCase, type GraphCases } from './graph-case.js';

const { flag, word } = attribute;

const cases: Record<string, GraphCase> = {};

for (const [name, settings] of Object.entries({
  'as they are': {},
  'with corners aligned': { align_corners: flag(true) },
  'with half-pixel centers': { half_pixel_centers: flag(true) },
}))
  for (const op of ['ResizeBilinear', 'ResizeNearestNeighbor'])
    for (const [how, height, width] of [
      ['larger', 8, 7],
      ['twice as large', 10, 8],
      ['smaller', 3, 3],
    ] as const)
      cases[`${op}, ${how}, ${name}`] = {
        shape: [5, 4, 2],
        build: (graph) => graph.add(op, ['x', graph.integers([height, width])], settings),
        differences: 1 / 16,
      };

/** Operations that make images larger or smaller. */
export const spatialCases: GraphCases = {
  ...cases,
  'Pad, before a convolution of stride 2': {
    shape: IMAGE,
    build: (graph) => {
      const padded = graph.add('Pad', ['x', graph.integers([0, 0, 0, 1, 2, 1, 0, 0], [4, 2])]);
      return graph.add('Conv2D', [padded, graph.floats([3, 3, 3, 4])], convolution('VALID', 2));
    },
  },
  'PadV2 with a value, and of channels': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('PadV2', [
        conv(graph),
        graph.integers([0, 0, 1, 0, 0, 2, 1, 1], [4, 2]),
        graph.floats([], Float32Array.of(0.7)),
      ]),
  },
  MirrorPad: {
    shape: IMAGE,
    build: (graph) =>
      graph.add('MirrorPad', [conv(graph), graph.integers([0, 0, 2, 1, 1, 2, 0, 0], [4, 2])], {
        mode: word('REFLECT'),
      }),
    differences: 1 / 16,
  },
};
