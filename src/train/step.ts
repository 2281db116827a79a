import { ce } from '../classifier/losses/ce.js';
import { differentiate } from '../graph/autodiff/differentiate.js';
import { int, ints, GraphBuilder } from '../graph/builder.js';
import { BATCH, type Graph, type GraphRunner, type ValueInfo } from '../graph/ir.js';
import { inferShapes } from '../graph/shapes.js';
import type { Network, Parameter } from '../models/architectures/registry.js';
import { LEARNING_RATE, optimiserOf, type OptimiserSpec } from './optimisers.js';
import { penalties, type PenaltyId } from './penalties.js';

/** A tensor carried from one training step to the next. */
export interface StateTensor extends Parameter {
  /** Output of the step graph that holds its next value. */
  readonly next: string;
}

/**
 * One training step as a graph. Inputs: `input` images, `labels` one-hot [batch, K], the scalars (`learning_rate`,
 * those of the optimiser, `penalty_strength` if there is a penalty) and the state. Outputs: `loss` and `cross_entropy`
 * (scalars, means over the batch, before the update), `logits` [batch, K] and the next state.
 */
export interface TrainingStep {
  readonly graph: Graph;
  /** The trained weights, in the network's order. */
  readonly parameters: readonly StateTensor[];
  /** The optimiser's own tensors, zero at the start. */
  readonly slots: readonly StateTensor[];
}

export const STEP_INPUTS = {
  images: 'input',
  labels: 'labels',
  penaltyStrength: 'penalty_strength',
} as const;
export const STEP_OUTPUTS = { loss: 'loss', crossEntropy: 'cross_entropy', logits: 'logits' } as const;

/** The network with its parameters as inputs instead of initializers. */
export function withParametersAsInputs({ graph, parameters }: Network): Graph {
  const names = new Set(parameters.map(({ name }) => name));
  return {
    ...graph,
    initializers: new Map([...graph.initializers].filter(([name]) => !names.has(name))),
    inputs: [
      ...graph.inputs,
      ...parameters.map(({ name, dims }): ValueInfo => ({ name, type: 'float32', dims })),
    ],
  };
}

/**
 * Derives the training step of a network: loss, its gradient with respect to every parameter, and the optimiser's update.
 * @throws GauntletError GRADIENT_BLOCKED when an operator of the network has no gradient rule
 */
export async function trainingStep(
  network: Network,
  options: { readonly optimiser: OptimiserSpec; readonly penalty: PenaltyId | null },
  run: GraphRunner,
): Promise<TrainingStep> {
  const lossGraph = withLoss(network, options.penalty);
  const shapes = await inferShapes(lossGraph, run);
  const derived = differentiate(lossGraph, shapes, {
    cotangents: { [STEP_OUTPUTS.loss]: UNIT },
    withRespectTo: network.parameters.map(({ name }) => name),
  });
  return withUpdate(derived.graph, network.parameters, derived.gradients, options.optimiser);
}

/** Initializer with the cotangent of the loss: one. */
const UNIT = 'unit';

function withLoss(network: Network, penalty: PenaltyId | null): Graph {
  const base = withParametersAsInputs(network);
  const builder = new GraphBuilder({ ...base, name: `${base.name}-step`, outputs: [] });
  const [, numClasses] = network.graph.outputs.find(({ name }) => name === STEP_OUTPUTS.logits)!.dims;
  const labels = builder.input(STEP_INPUTS.labels, 'float32', [BATCH, numClasses!]);
  const perExample = ce.build(builder, {
    ...{ logits: STEP_OUTPUTS.logits, labels, targets: null },
    numClasses: Number(numClasses),
  });
  const meanOverBatch = { axes: ints([0]), keepdims: int(0) };
  const crossEntropy = builder.addNamed('ReduceMean', [perExample], STEP_OUTPUTS.crossEntropy, meanOverBatch);
  if (penalty === null) builder.addNamed('Identity', [crossEntropy], STEP_OUTPUTS.loss);
  else {
    const strength = builder.input(STEP_INPUTS.penaltyStrength, 'float32', []);
    const term = penalties[penalty](builder, 'features', strength);
    builder.addNamed('Add', [crossEntropy, term], STEP_OUTPUTS.loss);
  }
  builder.initializer(UNIT, { type: 'float32', dims: [], data: Float32Array.of(1) });
  builder.output(STEP_OUTPUTS.loss, 'float32', []);
  builder.output(STEP_OUTPUTS.crossEntropy, 'float32', []);
  builder.output(STEP_OUTPUTS.logits, 'float32', [BATCH, numClasses!]);
  return builder.build();
}

function withUpdate(
  graph: Graph,
  parameters: readonly Parameter[],
  gradients: ReadonlyMap<string, string>,
  spec: OptimiserSpec,
): TrainingStep {
  const optimiser = optimiserOf(spec);
  const builder = new GraphBuilder(graph);
  const scalars = Object.fromEntries(
    [LEARNING_RATE, ...Object.keys(optimiser.scalars(spec, 1))].map((name) => [
      name,
      builder.input(name, 'float32', []),
    ]),
  );
  const emit = (name: string, dims: readonly number[], value: string): StateTensor => {
    const next = builder.addNamed('Identity', [value], `${name}/next`);
    builder.output(next, 'float32', dims);
    return { name, dims, next };
  };
  const updated = parameters.map(({ name, dims }) => {
    const slots = optimiser.slots.map((slot) => builder.input(`${name}/${slot}`, 'float32', dims));
    const update = optimiser.update(builder, spec, {
      parameter: name,
      gradient: gradients.get(name)!,
      slots,
      scalars,
    });
    return {
      parameter: emit(name, dims, update.parameter),
      slots: update.slots.map((value, i) => emit(slots[i]!, dims, value)),
    };
  });
  return {
    graph: builder.build(),
    parameters: updated.map(({ parameter }) => parameter),
    slots: updated.flatMap(({ slots }) => slots),
  };
}
