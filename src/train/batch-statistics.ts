import { float, int, GraphBuilder } from '../graph/builder.js';
import type { Graph } from '../graph/ir.js';

/** Share of a batch in the running statistics: PyTorch's default. */
const SHARE = 0.1;

/** A graph in training mode, and for each running statistic the name of the value that holds the next one. */
export interface TrainingMode {
  readonly graph: Graph;
  readonly next: ReadonlyMap<string, string>;
}

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
  const nodes = graph.nodes.map((node) => {
    const statistics = statisticsOf.get(node.name);
    if (statistics === undefined) return node;
    // A momentum of 0 leaves nothing of the running statistics: the other two outputs are the batch's own.
    const attributes = { ...node.attributes, training_mode: int(1), momentum: float(0) };
    return { ...node, outputs: [node.outputs[0]!, ...statistics], attributes };
  });
  const builder = new GraphBuilder({ ...graph, nodes });
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
