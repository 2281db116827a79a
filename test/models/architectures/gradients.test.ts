import { describe, expect, it } from '@jest/globals';
import type { Graph } from '../../../src/graph/ir.js';
import { buildNetwork, type NetworkSpec } from '../../../src/models/architectures/network.js';
import {
  builtInArchitectures,
  type BackboneId,
  type BuiltInBackboneSpec,
} from '../../../src/models/architectures/registry.js';
import { keyedStream } from '../../../src/random/keyed.js';
import { floatTensor, type FloatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { withBatchStatistics } from '../../../src/train/batch-statistics.js';
import { withParametersAsInputs } from '../../../src/train/step.js';
import { cotangentOf, dot, engine, gradientGraph } from '../../graph/autodiff/gradient-check.js';
import { randomOf } from '../../graph/autodiff/random.js';
import { normalTensor, toDouble, toDoubles } from '../../graph/autodiff/test-function.js';
import { evaluateReference } from '../../reference/evaluate.js';

/** Every backbone, as small as it gets. */
const specs: { readonly [Kind in BackboneId]: Extract<BuiltInBackboneSpec, { kind: Kind }> } = {
  mlp: { kind: 'mlp', widths: [6, 5] },
  cnn: { kind: 'cnn', channels: [2, 3], widths: [5] },
  resnet: { kind: 'resnet', depth: 8, widths: [2, 3, 4] },
  resnet18: { kind: 'resnet18', width: 2 },
  resnet50: { kind: 'resnet50', width: 1 },
};
const BATCH = 3;
const NUM_CLASSES = 3;
const STEP = 1e-5;
/** Error of a slope over the norms of gradient and direction: the deep networks are long sums in float32. */
const TOLERANCE: Readonly<Record<BackboneId, number>> = {
  ...{ mlp: 1e-5, cnn: 1e-5, resnet: 1e-5 },
  ...{ resnet18: 1e-4, resnet50: 1e-3 },
};

const inputs: readonly NetworkSpec['input'][] = [
  { shape: [1, 7, 5], mean: [0.4], std: [0.3] },
  { shape: [3, 6, 6], mean: [0.4, 0.5, 0.6], std: [0.3, 0.2, 0.1] },
];

const architectures: readonly (readonly [name: string, NetworkSpec])[] = [
  ...Object.values(specs)
    .flatMap((backbone) => inputs.map((input) => [backbone, 'linpen', input] as const))
    // The interpreter takes seconds for the deepest: once is enough.
    .filter(([{ kind }, , { shape }]) => kind !== 'resnet50' || shape[0] === 3),
  ...[...builtInArchitectures.heads.keys()].map((head) => [specs.mlp, head, inputs[0]!] as const),
].map(([backbone, head, input]) => [
  `${backbone.kind} with ${head} on [${input.shape.join(', ')}]`,
  { backbone, head, units: 4, activation: 'silu', input, numClasses: NUM_CLASSES },
]);

const build = (spec: NetworkSpec) => buildNetwork(spec, (name) => keyedStream(0, 0, name));

describe.each(architectures)('%s', (_name, spec) => {
  const network = build(spec);
  const { graph, parameters, statistics } = network;

  it('has the gradients in training mode that finite differences give, all finite', async () => {
    const { graph: training } = withBatchStatistics(withParametersAsInputs(network));
    const random = randomOf(1);
    const values: Record<string, Tensor> = {
      input: floatTensor(
        keyedStream(2, 0, 'pixels').fillUniform(
          new Float32Array(BATCH * spec.input.shape.reduce((product, dim) => product * dim, 1)),
        ),
        [BATCH, ...spec.input.shape],
      ),
    };
    for (const { name } of [...parameters, ...statistics])
      values[name] = graph.initializers.get(name) as FloatTensor;
    const sources = ['input', ...parameters.map(({ name }) => name)];
    const derived = await gradientGraph(training, sources);
    const cotangents = new Map(
      training.outputs.map(({ name, dims }) => [name, normalTensor([BATCH, Number(dims[1])], random)]),
    );
    const session = await engine.compile(derived.graph);
    const results = await session.run({
      ...values,
      ...Object.fromEntries([...cotangents].map(([name, tensor]) => [cotangentOf(name), tensor])),
    });
    await session.release();

    for (const among of [['input'], sources.slice(1)]) {
      const directions = new Map(among.map((name) => [name, normalTensor(values[name]!.dims, random)]));
      const pairs = among.map((name) => {
        const gradient = toDouble(results[derived.gradients.get(name)!]!).data;
        return { gradient, direction: toDouble(directions.get(name)!).data };
      });
      expect(pairs.every(({ gradient }) => gradient.every(Number.isFinite))).toBe(true);
      const total = (of: (pair: (typeof pairs)[number]) => number) =>
        pairs.reduce((sum, pair) => sum + of(pair), 0);
      const slope = total(({ gradient, direction }) => dot(gradient, direction));
      const scale = Math.sqrt(
        total(({ gradient }) => dot(gradient, gradient)) *
          total(({ direction }) => dot(direction, direction)),
      );
      const numeric = centralDifference(training, values, cotangents, directions);
      expect(Math.abs(slope - numeric) / scale).toBeLessThan(TOLERANCE[spec.backbone.kind as BackboneId]);
    }
  });
});

/** Derivative of the outputs, projected on their cotangents, along all directions at once, in float64. */
function centralDifference(
  graph: Graph,
  values: Readonly<Record<string, Tensor>>,
  cotangents: ReadonlyMap<string, Tensor>,
  directions: ReadonlyMap<string, Tensor>,
): number {
  const projection = (step: number): number => {
    const feeds = toDoubles(values);
    for (const [name, direction] of directions) {
      const along = toDouble(direction).data;
      const { dims, data } = feeds[name]!;
      feeds[name] = { dims, data: data.map((value, i) => value + step * along[i]!) };
    }
    const found = evaluateReference(graph, feeds);
    return [...cotangents].reduce(
      (sum, [name, tensor]) => sum + dot(found.get(name)!.data, toDouble(tensor).data),
      0,
    );
  };
  return (projection(STEP) - projection(-STEP)) / (2 * STEP);
}
