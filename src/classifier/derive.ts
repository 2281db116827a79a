import { addOwnGradient } from '../engine/own-gradient.js';
import { differentiate } from '../graph/autodiff/differentiate.js';
import { GraphBuilder, int } from '../graph/builder.js';
import { BATCH, type Graph, type GraphRunner } from '../graph/ir.js';
import { dropIdentities } from '../graph/passes/drop-identities.js';
import { foldBatchNormalization } from '../graph/passes/fold-batch-normalization.js';
import { foldConstants, foldInputFree } from '../graph/passes/fold-constants.js';
import { poolBeforeRelu } from '../graph/passes/pool-before-relu.js';
import { prune } from '../graph/passes/prune.js';
import { toFloat32 } from '../graph/passes/to-float32.js';
import { upgradeOpset } from '../graph/passes/upgrade-opset.js';
import { inferShapes } from '../graph/shapes.js';
import type { LoadedModel } from '../models/load.js';
import type { LossPlugin } from '../plugin/loss.js';
import { requireUnblocked } from './require-unblocked.js';

/** A graph that computes the logits and a gradient with respect to the input, and the names of its values. */
interface GradientGraph {
  readonly graph: Graph;
  readonly input: string;
  /** `batch x numClasses`. */
  readonly logits: string;
  /** Shaped like the input. */
  readonly gradient: string;
}

export interface LossGraph extends GradientGraph {
  /** Input: one-hot labels, `batch x numClasses`. */
  readonly labels: string;
  /** Input: one-hot targets, `batch x numClasses`; null for a loss that takes none. */
  readonly targets: string | null;
  /** Loss per example, `batch`. */
  readonly loss: string;
}

export interface VjpGraph extends GradientGraph {
  /** Input: cotangent of the logits, `batch x numClasses`. */
  readonly cotangent: string;
}

/** How to derive. */
export interface Derivation {
  readonly run: GraphRunner;
  /** Whether the engine differentiates by itself. */
  readonly byEngine?: boolean;
  /** Whether gradients pass operators whose derivative is zero almost everywhere. */
  readonly straightThrough: boolean;
}

/** The model reduced to what computes its logits, in the form the gradient rules take; same function up to rounding. */
export async function simplify(model: LoadedModel, run: GraphRunner): Promise<Graph> {
  return poolBeforeRelu(foldBatchNormalization(await canonical(prune(model.graph, [model.logits]), run)));
}

/** The graph in float32 and in the operator set that everything here is written in, its constants computed. */
export async function canonical(graph: Graph, run: GraphRunner): Promise<Graph> {
  // Rewriting an operator set reads axes, scales and the like, which may be the result of a computation.
  const readable = await foldInputFree(toFloat32(graph), run);
  return foldConstants(dropIdentities(upgradeOpset(readable)), run);
}

/** Graph of a loss per example and its gradient with respect to the input. */
export async function deriveLoss(
  { logits, numClasses }: LoadedModel,
  simplified: Graph,
  loss: LossPlugin,
  how: Derivation,
): Promise<LossGraph> {
  const builder = new GraphBuilder(simplified);
  const labels = builder.input(builder.fresh('labels'), 'float32', [BATCH, numClasses]);
  const targets = loss.metadata.needsTargets
    ? builder.input(builder.fresh('targets'), 'float32', [BATCH, numClasses])
    : null;
  const value = loss.build(builder, { logits, labels, targets, numClasses });
  // A row of one-hot labels sums to one: the cotangent that makes each example's gradient that of its own loss.
  const ones = builder.add('ReduceSum', [labels, builder.ints([1])], { keepdims: int(0) });
  builder.output(value, 'float32', [BATCH]);
  const derived = await withGradient(builder.build(), value, ones, how);
  return { ...derived, labels, targets, logits, loss: value };
}

/** Graph of the vector-Jacobian product of the logits. */
export async function deriveVjp(
  { logits, numClasses }: LoadedModel,
  simplified: Graph,
  how: Derivation,
): Promise<VjpGraph> {
  const builder = new GraphBuilder(simplified);
  const cotangent = builder.input(builder.fresh('cotangent'), 'float32', [BATCH, numClasses]);
  const derived = await withGradient(builder.build(), logits, cotangent, how);
  return { ...derived, cotangent, logits };
}

async function withGradient(
  graph: Graph,
  value: string,
  cotangent: string,
  { run, byEngine = false, straightThrough }: Derivation,
): Promise<Omit<GradientGraph, 'logits'>> {
  const { name: input, dims } = graph.inputs[0]!;
  const shapes = await inferShapes(graph, run);
  if (byEngine) {
    requireUnblocked(graph, shapes, { from: input, to: value, straightThrough });
    const builder = new GraphBuilder(graph);
    const gradient = addOwnGradient(builder, { value, cotangent, input, straightThrough });
    builder.output(gradient, 'float32', dims);
    return { graph: prune(builder.build()), input, gradient };
  }
  const request = { cotangents: { [value]: cotangent }, withRespectTo: [input], straightThrough };
  const differentiated = differentiate(graph, shapes, request);
  const gradient = differentiated.gradients.get(input)!;
  const outputs = [...differentiated.graph.outputs, { name: gradient, type: 'float32', dims } as const];
  return { graph: prune({ ...differentiated.graph, outputs }), input, gradient };
}
