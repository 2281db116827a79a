import { float, int, GraphBuilder } from '../graph/builder.js';
import type { Graph, Node } from '../graph/ir.js';
import { floatTensor } from '../tensor/tensor.js';

/** Share of a batch in the running statistics: PyTorch's default. */
const SHARE = 0.1;

/** A graph in training mode, and for each running statistic the name of the value that holds the next one. */
export interface TrainingMode {
  readonly graph: Graph;
  readonly next: ReadonlyMap<string, string>;
}

const ZERO = 'zero';

/** ONNX Runtime writes the new statistics over the old ones it is given, be they the caller's own: it gets some to write over. */
const zeros = (name: string, like: string): Node => ({
  ...{ name, op: 'Mul', domain: '', inputs: [like, ZERO], outputs: [name], attributes: {} },
});

/**
 * Puts every BatchNormalization into training mode: it normalises with mean and variance of the batch, and moves the running
 * ones a tenth of the way to them. The variance is that of the population (over N, as in ONNX and TensorFlow; PyTorch's running
 * variance is over N - 1).
 * @param graph the network as it is used, running statistics as inputs or initializers
 */
export function withBatchStatistics(graph: Graph): TrainingMode {
  const normalisations = graph.nodes.filter(({ op }) => op === 'BatchNormalization');
  const statisticsOf = new Map(
    normalisations.map(({ name }) => [name, [`${name}/batch_mean`, `${name}/batch_variance`] as const]),
  );
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const statistics = statisticsOf.get(node.name);
    if (statistics === undefined) return [node];
    const [x, scale, shift, ...running] = node.inputs as [string, string, string, string, string];
    const stale = statistics.map((name) => `${name}/stale`);
    // A momentum of 0 leaves nothing of the running statistics: the other two outputs are the batch's own.
    const attributes = { ...node.attributes, training_mode: int(1), momentum: float(0) };
    const inputs = [x, scale, shift, ...stale];
    const outputs = [node.outputs[0]!, ...statistics];
    return [...stale.map((name, i) => zeros(name, running[i]!)), { ...node, inputs, outputs, attributes }];
  });
  const builder = new GraphBuilder({ ...graph, nodes });
  builder.initializer(ZERO, floatTensor(Float32Array.of(0), []));
  const share = builder.scalar(SHARE);
  const rest = builder.scalar(1 - SHARE);
  const next = normalisations.flatMap(({ name, inputs }) =>
    statisticsOf.get(name)!.map((statistic, i) => {
      const running = inputs[3 + i]!;
      const kept = builder.add('Mul', [running, rest]);
      return [running, builder.add('Add', [kept, builder.add('Mul', [statistic, share])])] as const;
    }),
  );
  return { graph: builder.build(), next: new Map(next) };
}
