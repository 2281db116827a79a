import { attribute, type GraphFile } from '../graph-file.js';
import { conv, convolution, IMAGE, type GraphCase, type GraphCases } from './graph-case.js';

const { flag, float, integer, integers, type, word, words } = attribute;

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
  'Conv2DBackpropInput with padding': {
    shape: [4, 3, 3],
    build: (graph) =>
      graph.add(
        'Conv2DBackpropInput',
        [withBatch(graph, [8, 5, 2]), graph.floats([3, 3, 2, 3]), 'x'],
        convolution('SAME', 2),
      ),
  },
  'Conv2DBackpropInput without padding': {
    shape: [3, 4, 2],
    build: (graph) =>
      graph.add(
        'Conv2DBackpropInput',
        [withBatch(graph, [8, 9, 4]), graph.floats([3, 2, 4, 2]), 'x'],
        convolution('VALID', 2),
      ),
  },
  'MatMul along the last axis of an image, its sizes taken from a shape as Dense is exported': {
    shape: [4, 3, 3],
    build: (graph) => dense(graph, conv(graph), 4, 5),
  },
  'MatMul along the last axis of an image, as older exporters write it': {
    shape: [4, 3, 3],
    build: (graph) => dense(graph, conv(graph), 4, 5, 'Gather'),
  },
  'MatMul along the last axis of a sequence, with BiasAdd and an activation among the rows': {
    shape: [5, 6],
    build: (graph) => {
      const rows = graph.add('Reshape', ['x', graph.integers([-1, 6])]);
      const product = graph.add('MatMul', [rows, graph.floats([4, 6])], { transpose_b: flag(true) });
      const active = graph.add('Tanh', [graph.add('BiasAdd', [product, graph.floats([4])])]);
      const again = graph.add('_FusedMatMul', [active, graph.floats([4, 3]), graph.floats([3])], {
        ...{ fused_ops: words('BiasAdd', 'Elu'), num_args: integer(1), transpose_a: flag(false) },
        transpose_b: flag(false),
      });
      return graph.add('Reshape', [again, graph.integers([-1, 5, 3])]);
    },
  },
};

/** What TensorFlow makes of a dense layer on more than vectors: free sizes and the last one are gathered from the shape. */
function dense(graph: GraphFile, x: string, width: number, units: number, gather = 'GatherV2'): string {
  const shape = graph.add('Shape', [x], { out_type: type('DT_INT32') });
  const zero = graph.integers([0], []);
  const axis = gather === 'Gather' ? [] : [zero];
  const free = graph.add(gather, [shape, graph.integers([0, 1, 2]), ...axis]);
  const last = graph.add(gather, [shape, graph.integers([3]), ...axis]);
  const [rows, columns] = [free, last].map((sizes) =>
    graph.add('Prod', [sizes, graph.integers([0])], { keep_dims: flag(false) }),
  ) as [string, string];
  const flat = graph.add('Pack', [rows, columns], { axis: integer(0), N: integer(2) });
  const moved = graph.add('Transpose', [x, graph.integers([0, 1, 2, 3])]);
  const product = graph.add('MatMul', [graph.add('Reshape', [moved, flat]), graph.floats([width, units])], {
    transpose_a: flag(false),
    transpose_b: flag(false),
  });
  const target = graph.add('ConcatV2', [free, graph.integers([units]), zero], { N: integer(2) });
  return graph.add('BiasAdd', [graph.add('Reshape', [product, target]), graph.floats([units])]);
}

/** The batch of the input, and these sizes. */
function withBatch(graph: GraphFile, sizes: readonly number[]): string {
  const shape = graph.add('Shape', ['x'], { out_type: type('DT_INT32') });
  const lists = [[0], [1], [1]].map((values) => graph.integers(values));
  const batch = graph.add('StridedSlice', [shape, ...lists], { shrink_axis_mask: integer(1) });
  const others = sizes.map((size) => graph.integers([size], []));
  return graph.add('Pack', [batch, ...others], { axis: integer(0), N: integer(sizes.length + 1) });
}
