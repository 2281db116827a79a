import { ce } from '../classifier/losses/ce.js';
import { differentiate } from '../graph/autodiff/differentiate.js';
import { GraphBuilder } from '../graph/builder.js';
import { BATCH, type Graph, type GraphRunner, type ValueInfo } from '../graph/ir.js';
import { inferShapes } from '../graph/shapes.js';
import type { Parameter } from '../models/architectures/layers.js';
import { OUTPUT_LAYER, type Network } from '../models/architectures/network.js';
import { withBatchStatistics } from './batch-statistics.js';
import { meanOverBatch, withAngularMargin, type LossSpec } from './losses.js';
import { LEARNING_RATE, optimiserOf, type OptimiserSpec } from './optimisers.js';
import { penalties, type PenaltyId } from './penalties.js';

/** A tensor carried from one training step to the next. */
export interface StateTensor extends Parameter {
  /** Output of the step graph that holds its next value. */
  readonly next: string;
}

/**
 * One training step as a graph. Inputs: `input` images, `labels` one-hot [batch, K], the scalars (`learning_rate`,
 * those of the optimiser, `penalty_strength` if there is a penalty, `output_learning_rate` if the output layer has its own),
 * `dropout_mask` [batch, K] if there is dropout, and the state. Outputs: `loss` and `cross_entropy` (scalars, means over the
 * batch, before the update), `logits` [batch, K] with nothing dropped, and the next state.
 */
export interface TrainingStep {
  readonly graph: Graph;
  /** The trained weights, in the network's order. */
  readonly parameters: readonly StateTensor[];
  /** The running statistics of batch normalisation, in the network's order. */
  readonly statistics: readonly StateTensor[];
  /** The optimiser's own tensors, zero at the start. */
  readonly slots: readonly StateTensor[];
}

/** What a step is derived from, besides the network. */
export interface StepSpec {
  readonly optimiser: OptimiserSpec;
  readonly penalty: PenaltyId | null;
  /** Cross-entropy of the logits if absent. */
  readonly loss?: LossSpec;
  /** Whether the output layer has a learning rate of its own; false by default. */
  readonly ownOutputRate?: boolean;
}

export const STEP_INPUTS = {
  images: 'input',
  labels: 'labels',
  penaltyStrength: 'penalty_strength',
  outputLearningRate: 'output_learning_rate',
  dropoutMask: 'dropout_mask',
} as const;
export const STEP_OUTPUTS = { loss: 'loss', crossEntropy: 'cross_entropy', logits: 'logits' } as const;

/** Everything of a network that training changes: parameters, then running statistics. */
export const trainedTensors = ({ parameters, statistics }: Network): readonly Parameter[] => [
  ...parameters,
  ...statistics,
];

/** The network with what training changes as inputs instead of initializers. */
export function withParametersAsInputs(network: Network): Graph {
  const { graph } = network;
  const changed = trainedTensors(network);
  const names = new Set(changed.map(({ name }) => name));
  return {
    ...graph,
    initializers: new Map([...graph.initializers].filter(([name]) => !names.has(name))),
    inputs: [
      ...graph.inputs,
      ...changed.map(({ name, dims }): ValueInfo => ({ name, type: 'float32', dims })),
    ],
  };
}

/**
 * Derives the training step of a network: loss, its gradient with respect to every parameter, and the optimiser's update.
 * @throws GauntletError GRADIENT_BLOCKED when an operator of the network has no gradient rule
 */
export async function trainingStep(
  network: Network,
  spec: StepSpec,
  run: GraphRunner,
): Promise<TrainingStep> {
  const { graph, next } = withBatchStatistics(withParametersAsInputs(network));
  const lossGraph = withLoss(graph, network.dropout > 0, spec);
  const shapes = await inferShapes(lossGraph, run);
  const derived = differentiate(lossGraph, shapes, {
    cotangents: { [STEP_OUTPUTS.loss]: UNIT },
    withRespectTo: network.parameters.map(({ name }) => name),
  });
  return withUpdate(derived.graph, network, derived.gradients, next, spec);
}

/** Initializer with the cotangent of the loss: one. */
const UNIT = 'unit';

function withLoss(base: Graph, dropout: boolean, { penalty, loss }: StepSpec): Graph {
  const builder = new GraphBuilder({ ...base, name: `${base.name}-step`, outputs: [] });
  const logits = STEP_OUTPUTS.logits;
  const [, numClasses] = base.outputs.find(({ name }) => name === logits)!.dims;
  const labels = builder.input(STEP_INPUTS.labels, 'float32', [BATCH, numClasses!]);
  const mask = dropout ? builder.input(STEP_INPUTS.dropoutMask, 'float32', [BATCH, numClasses!]) : null;
  const kept = mask === null ? logits : builder.add('Mul', [logits, mask]);
  const perExample = ce.build(builder, {
    ...{ logits: loss ? withAngularMargin(builder, kept, labels, loss) : kept, labels, targets: null },
    numClasses: Number(numClasses),
  });
  const crossEntropy = meanOverBatch(builder, perExample, STEP_OUTPUTS.crossEntropy);
  if (penalty === null) builder.addNamed('Identity', [crossEntropy], STEP_OUTPUTS.loss);
  else {
    const strength = builder.input(STEP_INPUTS.penaltyStrength, 'float32', []);
    const term = penalties[penalty](builder, 'features', strength);
    builder.addNamed('Add', [crossEntropy, term], STEP_OUTPUTS.loss);
  }
  builder.initializer(UNIT, { type: 'float32', dims: [], data: Float32Array.of(1) });
  builder.output(STEP_OUTPUTS.loss, 'float32', []);
  builder.output(STEP_OUTPUTS.crossEntropy, 'float32', []);
  builder.output(logits, 'float32', [BATCH, numClasses!]);
  return builder.build();
}

function withUpdate(
  graph: Graph,
  network: Network,
  gradients: ReadonlyMap<string, string>,
  nextStatistics: ReadonlyMap<string, string>,
  { optimiser: spec, ownOutputRate = false }: StepSpec,
): TrainingStep {
  const optimiser = optimiserOf(spec);
  const builder = new GraphBuilder(graph);
  const scalarInput = (name: string) => builder.input(name, 'float32', []);
  const scalars = Object.fromEntries(
    [LEARNING_RATE, ...Object.keys(optimiser.scalars(spec, 1))].map((name) => [name, scalarInput(name)]),
  );
  const outputScalars = ownOutputRate
    ? { ...scalars, [LEARNING_RATE]: scalarInput(STEP_INPUTS.outputLearningRate) }
    : scalars;
  const emit = (name: string, dims: readonly number[], value: string): StateTensor => {
    const next = builder.addNamed('Identity', [value], `${name}/next`);
    builder.output(next, 'float32', dims);
    return { name, dims, next };
  };
  const updated = network.parameters.map(({ name, dims }) => {
    const slots = optimiser.slots.map((slot) => builder.input(`${name}/${slot}`, 'float32', dims));
    const update = optimiser.update(builder, spec, {
      ...{ parameter: name, gradient: gradients.get(name)!, slots },
      scalars: name.startsWith(`${OUTPUT_LAYER}.`) ? outputScalars : scalars,
    });
    return {
      parameter: emit(name, dims, update.parameter),
      slots: update.slots.map((value, i) => emit(slots[i]!, dims, value)),
    };
  });
  const statistics = network.statistics.map(({ name, dims }) => emit(name, dims, nextStatistics.get(name)!));
  return {
    graph: builder.build(),
    parameters: updated.map(({ parameter }) => parameter),
    statistics,
    slots: updated.flatMap(({ slots }) => slots),
  };
}
