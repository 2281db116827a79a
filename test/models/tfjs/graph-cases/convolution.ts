import { attribute, type GraphFile } from '../graph-file.js';
import { conv, convolution, IMAGE, type GraphCase, type GraphCases } from './graph-case.js';

const { flag, float, integer, integers, word, words } = attribute;

const cases: Record<string, GraphCase> = {};

for (const padding of ['SAME', 'VALID'])
  for (const stride of [1, 2]) {
    const how = `${padding}, stride ${stride}`;
    const settings = convolution(padding, stride);
    const pool = {
      ksize: integers(1, 3, 2, 1),
      strides: integers(1, stride, stride, 1),
      padding: word(padding),
    };
    cases[`Conv2D, ${how}`] = {
      shape: IMAGE,
      build: (graph) => graph.add('Conv2D', ['x', graph.floats([3, 2, 3, 4])], settings),
    };
    cases[`DepthwiseConv2dNative, ${how}`] = {
      shape: IMAGE,
      build: (graph) => graph.add('DepthwiseConv2dNative', ['x', graph.floats([3, 3, 3, 2])], settings),
    };
    cases[`MaxPool, ${how}`] = { shape: IMAGE, build: (graph) => graph.add('MaxPool', ['x'], pool) };
    cases[`AvgPool, ${how}`] = {
      shape: IMAGE,
      build: (graph) => graph.add('AvgPool', ['x'], pool),
      differences: 1 / 16,
    };
  }

const fusedActivations = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'LeakyRelu'];
for (const activation of fusedActivations)
  cases[`_FusedConv2D with BiasAdd and ${activation}`] = {
    shape: IMAGE,
    build: (graph) =>
      graph.add('_FusedConv2D', ['x', graph.floats([3, 3, 3, 4]), graph.floats([4])], {
        ...convolution('VALID'),
        ...{ fused_ops: words('BiasAdd', activation), num_args: integer(1), leakyrelu_alpha: float(0.1) },
      }),
  };

/** As TensorFlow writes a dilated convolution. */
const dilated = (
  op: string,
  filter: readonly number[],
  between = (_graph: GraphFile, x: string) => x,
): GraphCase => ({
  shape: [9, 8, 3],
  build: (graph) => {
    const block = graph.integers([2, 3]);
    // 9 + 2 + 3 rows and 8 + 3 + 4 columns are whole blocks.
    const paddings = graph.integers([2, 3, 3, 4], [2, 2]);
    const apart = graph.add('SpaceToBatchND', ['x', block, paddings]);
    const seen = between(graph, graph.add(op, [apart, graph.floats(filter)], convolution('VALID')));
    return graph.add('BatchToSpaceND', [seen, block, graph.integers([0, 1, 1, 0], [2, 2])]);
  },
});

/** Convolutions, poolings and matrix products. */
export const convolutionCases: GraphCases = {
  ...cases,
  'Conv2D, dilated': {
    shape: [9, 8, 3],
    build: (graph) => graph.add('Conv2D', ['x', graph.floats([3, 3, 3, 2])], convolution('SAME', 1, 2)),
    differences: 1 / 16,
  },
  'Conv2D, explicit padding': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('Conv2D', ['x', graph.floats([3, 3, 3, 4])], {
        ...convolution('EXPLICIT', 1),
        explicit_paddings: integers(0, 0, 1, 2, 2, 0, 0, 0),
      }),
  },
  '_FusedConv2D with BiasAdd alone': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('_FusedConv2D', ['x', graph.floats([3, 3, 3, 4]), graph.floats([4])], {
        ...convolution(),
        ...{ fused_ops: words('BiasAdd'), num_args: integer(1) },
      }),
  },
  '_FusedConv2D with BiasAdd and Prelu': {
    shape: IMAGE,
    build: (graph) =>
      graph.add(
        '_FusedConv2D',
        ['x', graph.floats([3, 3, 3, 4]), graph.floats([4]), graph.floats([1, 1, 4])],
        {
          ...convolution(),
          ...{ fused_ops: words('BiasAdd', 'Prelu'), num_args: integer(2) },
        },
      ),
  },
  'FusedDepthwiseConv2dNative with BiasAdd and Relu6': {
    shape: IMAGE,
    build: (graph) =>
      graph.add('FusedDepthwiseConv2dNative', ['x', graph.floats([3, 3, 3, 2]), graph.floats([6])], {
        ...convolution('SAME', 2),
        ...{ fused_ops: words('BiasAdd', 'Relu6'), num_args: integer(1) },
      }),
  },
  'Conv2D between SpaceToBatchND and BatchToSpaceND': dilated('Conv2D', [3, 3, 3, 4]),
  'DepthwiseConv2dNative between SpaceToBatchND and BatchToSpaceND, with bias and activation': dilated(
    'DepthwiseConv2dNative',
    [3, 2, 3, 2],
    (graph, x) => graph.add('Tanh', [graph.add('BiasAdd', [x, graph.floats([6])])]),
  ),
  'MatMul of a flattened image': {
    shape: IMAGE,
    build: (graph) => {
      const flat = graph.add('Reshape', [conv(graph), graph.integers([-1, 168])]);
      return graph.add('MatMul', [flat, graph.floats([168, 5])], {
        transpose_a: flag(false),
        transpose_b: flag(false),
      });
    },
  },
  'MatMul with a transposed matrix': {
    shape: [6],
    build: (graph) => graph.add('MatMul', ['x', graph.floats([4, 6])], { transpose_b: flag(true) }),
  },
  '_FusedMatMul with BiasAdd and Relu': {
    shape: [6],
    build: (graph) =>
      graph.add('_FusedMatMul', ['x', graph.floats([6, 5]), graph.floats([5])], {
        ...{ fused_ops: words('BiasAdd', 'Relu'), num_args: integer(1), transpose_a: flag(false) },
        transpose_b: flag(false),
      }),
  },
};
