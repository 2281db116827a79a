import { attribute, type GraphFile } from '../graph-file.js';
import { conv, IMAGE, type GraphCases } from './graph-case.js';

const { flag, integer, integers, type } = attribute;

/** @param masks of begin and end, and of places that are single */
function sliced(
  graph: GraphFile,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  [first, last, single]: readonly [number, number, number],
): string {
  const lists = [begin, end, strides].map((list) => graph.integers(list));
  return graph.add('StridedSlice', [conv(graph), ...lists], {
    ...{ begin_mask: integer(first), end_mask: integer(last), shrink_axis_mask: integer(single) },
    ...{ ellipsis_mask: integer(0), new_axis_mask: integer(0) },
  });
}

/** Operations that move elements. */
export const shapingCases: GraphCases = {
  'Reshape to the shape of the batch, as exporters write it': {
    shape: IMAGE,
    build: (graph) => {
      const image = conv(graph);
      const shape = graph.add('Shape', [image], { out_type: type('DT_INT32') });
      const [zero, one] = [graph.integers([0]), graph.integers([1])];
      const batch = graph.add('StridedSlice', [shape, zero, one, graph.integers([1])], {
        ...{
          begin_mask: integer(0),
          end_mask: integer(0),
          ellipsis_mask: integer(0),
          new_axis_mask: integer(0),
        },
        shrink_axis_mask: integer(1),
      });
      const target = graph.add('Pack', [batch, graph.integers([21], []), graph.integers([8], [])], {
        axis: integer(0),
      });
      return graph.add('Reshape', [image, target]);
    },
  },
  'Reshape with an open size': {
    shape: IMAGE,
    build: (graph) => graph.add('Reshape', [conv(graph), graph.integers([-1, 14, 12])]),
  },
  'Squeeze after pooling, and ExpandDims': {
    shape: IMAGE,
    build: (graph) => {
      const mean = graph.add('Mean', [conv(graph), graph.integers([1, 2])], { keep_dims: flag(true) });
      const flat = graph.add('Squeeze', [mean], { squeeze_dims: integers(1, 2) });
      const wide = graph.add('ExpandDims', [flat, graph.integers([1], [])]);
      return graph.add('Mul', [wide, graph.floats([1, 3, 1])]);
    },
  },
  'ExpandDims of an image between its axes': {
    shape: [4, 3, 2],
    build: (graph) => graph.add('ExpandDims', [conv(graph, 'x', 2), graph.integers([2], [])]),
  },
  'ConcatV2 of channels': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('ConcatV2', [conv(graph), 'x', conv(graph), graph.integers([3], [])], { N: integer(3) }),
  },
  'Split of channels, joined in another order': {
    shape: IMAGE,
    build: (graph) => {
      const split = graph.add('Split', [graph.integers([3], []), conv(graph)], { num_split: integer(2) });
      return graph.add('ConcatV2', [`${split}:1`, split, graph.integers([-1], [])], { N: integer(2) });
    },
  },
  'SplitV of rows': {
    shape: IMAGE,
    build: (graph) => {
      const split = graph.add('SplitV', [conv(graph), graph.integers([2, 4, 1]), graph.integers([1], [])], {
        num_split: integer(3),
      });
      return graph.add('ConcatV2', [`${split}:2`, split, graph.integers([1], [])], { N: integer(2) });
    },
  },
  'StridedSlice of an image, with masks and from the end': {
    shape: IMAGE,
    build: (graph) => sliced(graph, [0, -3, -1, 0], [0, 9, 0, 3], [1, 1, -2, 2], [0b1001, 0b0101, 0]),
    differences: 1 / 16,
  },
  // TensorFlow.js errs where a step and a single place are in one slice.
  'StridedSlice of an image, of a single row and column': {
    shape: IMAGE,
    build: (graph) => sliced(graph, [0, 2, -1], [0, 3, 0], [1, 1, 1], [0b001, 0b001, 0b110]),
    differences: 1 / 16,
  },
  'Slice of an image': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('Slice', [conv(graph), graph.integers([0, 1, 2, 1]), graph.integers([-1, 3, -1, 2])]),
  },
  'Transpose of an image': {
    shape: IMAGE,
    build: (graph) => graph.add('Transpose', [conv(graph), graph.integers([0, 3, 1, 2])]),
  },
  'Pack of vectors': {
    shape: [6],
    build: (graph) =>
      graph.add('Pack', ['x', graph.add('Tanh', ['x']), 'x'], { axis: integer(1), N: integer(3) }),
  },
};
