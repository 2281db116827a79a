import { attribute } from '../graph-file.js';
import { conv, IMAGE, type GraphCase, type GraphCases } from './graph-case.js';

const { flag, float, integer, type } = attribute;

const vector = (op: string, attr = {}): GraphCase => ({
  shape: [6],
  build: (graph) => graph.add(op, ['x'], attr),
});

/** Keeps arguments in the domain of roots and logarithms. */
const positive = (op: string): GraphCase => ({
  shape: [6],
  build: (graph) => graph.add(op, [graph.add('AddV2', ['x', graph.floats([], Float32Array.of(0.5))])]),
});

const cases: Record<string, GraphCase> = {};

for (const op of [
  'Relu',
  'Relu6',
  'Elu',
  'LeakyRelu',
  'Sigmoid',
  'Tanh',
  'Softmax',
  'LogSoftmax',
  'Exp',
  'Square',
  'Neg',
  'Abs',
  'Selu',
  'Softplus',
])
  cases[op] = {
    ...vector(op),
    build: (graph) =>
      graph.add(
        op,
        [graph.add('Sub', ['x', graph.floats([6])])],
        op === 'LeakyRelu' ? { alpha: float(0.3) } : {},
      ),
  };
for (const op of ['Rsqrt', 'Sqrt', 'Log']) cases[op] = positive(op);

for (const op of ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference']) {
  cases[`${op} of images`] = {
    shape: [5, 4, 4],
    build: (graph) => graph.add(op, [graph.add('Exp', [conv(graph, 'x', 4)]), graph.add('Exp', ['x'])]),
  };
  cases[`${op} of an image and a constant per channel`] = {
    shape: IMAGE,
    build: (graph) => graph.add(op, [conv(graph), graph.floats([4], Float32Array.of(0.5, -1, 2, -0.3))]),
  };
  cases[`${op} of a constant and an image`] = {
    shape: IMAGE,
    build: (graph) => graph.add(op, [graph.floats([1, 7, 1, 4]), graph.add('Exp', [conv(graph)])]),
  };
}

/** Operations on each element, and reductions. */
export const elementwiseCases: GraphCases = {
  ...cases,
  'BiasAdd of an image': {
    shape: IMAGE,
    build: (graph) => graph.add('BiasAdd', [conv(graph), graph.floats([4])]),
  },
  FusedBatchNormV3: {
    shape: IMAGE,
    build: (graph) => {
      const [scale, offset, mean] = [0, 1, 2].map(() => graph.floats([4]));
      const variance = graph.floats([4], Float32Array.of(0.5, 1, 2, 0.1));
      return graph.add('FusedBatchNormV3', [conv(graph), scale!, offset!, mean!, variance], {
        epsilon: float(0.01),
        is_training: flag(false),
      });
    },
  },
  'batch normalization in single operations, its constants folded': {
    shape: IMAGE,
    build: (graph) => {
      const variance = graph.add('AddV2', [
        graph.floats([4], Float32Array.of(0.5, 1, 2, 0.1)),
        graph.floats([], Float32Array.of(0.01)),
      ]);
      const scale = graph.add('Mul', [graph.add('Rsqrt', [variance]), graph.floats([4])]);
      const shift = graph.add('Sub', [graph.floats([4]), graph.add('Mul', [graph.floats([1, 4]), scale])]);
      return graph.add('AddV2', [graph.add('Mul', [conv(graph), scale]), shift]);
    },
  },
  'Prelu of an image': {
    shape: IMAGE,
    build: (graph) => graph.add('Prelu', [conv(graph), graph.floats([1, 1, 4])]),
  },
  'Mean over an image': {
    shape: IMAGE,
    build: (graph) => graph.add('Mean', [conv(graph), graph.integers([1, 2])], { keep_dims: flag(false) }),
  },
  'Mean over an image, its axes kept': {
    shape: IMAGE,
    build: (graph) => {
      const mean = graph.add('Mean', [conv(graph), graph.integers([1, 2])], { keep_dims: flag(true) });
      return graph.add('Mul', [conv(graph), mean]);
    },
  },
  'Mean over channels': {
    shape: IMAGE,
    build: (graph) => graph.add('Mean', [conv(graph), graph.integers([-1])], { keep_dims: flag(false) }),
  },
  'Max over an image': {
    shape: IMAGE,
    build: (graph) => graph.add('Max', [conv(graph), graph.integers([1, 2])], { keep_dims: flag(false) }),
  },
  'Sum and Min': {
    shape: IMAGE,
    build: (graph) =>
      graph.add(
        'Min',
        [
          graph.add('Sum', [conv(graph), graph.integers([1])], { keep_dims: flag(true) }),
          graph.integers([2]),
        ],
        {
          keep_dims: flag(false),
        },
      ),
  },
  'AddN, Identity and Cast': {
    shape: IMAGE,
    build: (graph) => {
      const same = graph.add('Cast', [graph.add('Identity', [conv(graph)])], {
        SrcT: type('DT_FLOAT'),
        DstT: type('DT_FLOAT'),
      });
      return graph.add('AddN', [same, conv(graph), conv(graph)], { N: integer(3) });
    },
  },
};
