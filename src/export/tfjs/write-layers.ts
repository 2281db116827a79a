import type { InputSpec } from '../../classifier/classifier.js';
import type { Graph, GraphRunner, ValueInfo } from '../../graph/ir.js';
import { inferShapes } from '../../graph/shapes.js';
import { withGelu } from './gelu.js';
import { IMAGE_ORDER } from './padding.js';
import { LayerWriter } from './layer-writer.js';
import type { WrittenLayer } from './layer-value.js';
import { operatorLowerings } from './operators/index.js';
import { exampleShape, Progress, Step, unsupported } from './step.js';

/** A model as layers. */
export interface LayersModel {
  /** In the order in which they can be called; the first is the input. */
  readonly layers: readonly WrittenLayer[];
  readonly outputs: readonly WrittenLayer[];
  /** What it takes: channels last where the graph has images with channels first. */
  readonly input: InputSpec;
}

/**
 * Writes a classifier's graph as layers of TensorFlow.js. The layer of the logits is named `logits`, that of the features, if there are
 * any, `features`; where the logits do not depend on these they are a second output.
 * @param given graph of operator set 17 in float32, constants folded
 * @throws GauntletError EXPORT_UNSUPPORTED naming operator and node.
 */
export async function writeLayers(
  given: Graph,
  input: InputSpec,
  run: GraphRunner,
  names: { readonly logits: string; readonly features?: string },
): Promise<LayersModel> {
  const writer = new LayerWriter();
  const shapes = await inferShapes(given, run);
  const graph = withGelu(given);
  const progress = new Progress(graph, shapes, writer);
  const order = input.layout === 'NCHW' ? IMAGE_ORDER : [...input.shape.keys()];
  progress.values.set((graph.inputs[0] as ValueInfo).name, writer.input(input.shape, order));
  const kept = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const lowering = node.domain === '' ? operatorLowerings.get(node.op) : undefined;
    if (lowering === undefined) throw unsupported(node, 'no layer does the same');
    const [name, ...others] = node.outputs as [string, ...string[]];
    if (others.some((other) => other !== '')) throw unsupported(node, 'it has several results');
    exampleShape(progress.shapes, name, node);
    const value = lowering(new Step(node, progress));
    const result = kept.has(name) ? writer.natural(value) : value;
    progress.values.set(name, result);
    if (!progress.owners.has(result.layer)) progress.owners.set(result.layer, name);
  }
  const found = (name: string): WrittenLayer => progress.values.get(name)!.layer;
  const logits = found(names.logits);
  const features = names.features === undefined ? undefined : found(names.features);
  if (features !== undefined) features.name = 'features';
  logits.name = 'logits';
  const needed = withAncestors([logits]);
  const outputs = features === undefined || needed.has(features) ? [logits] : [logits, features];
  const all = withAncestors(outputs);
  return {
    layers: writer.layers.filter((layer) => all.has(layer)),
    outputs,
    input: {
      ...input,
      shape: order.map((axis) => input.shape[axis]!),
      layout: input.layout === 'NCHW' ? 'NHWC' : input.layout,
    },
  };
}

function withAncestors(layers: readonly WrittenLayer[]): Set<WrittenLayer> {
  const found = new Set(layers);
  // A set grows while it is walked through.
  for (const layer of found) for (const before of layer.inputs) found.add(before);
  return found;
}
