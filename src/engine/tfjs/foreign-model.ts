import type { GraphModel } from '@tensorflow/tfjs-converter';
import type * as tfjsLayers from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { GauntletError, messageOf } from '../../errors.js';
import type { Graph, Node } from '../../graph/ir.js';
import { OWN_DOMAIN } from '../own-gradient.js';
import type { Operator } from './call.js';
import { tf } from './tf.js';
import { Value } from './value.js';

/** Operator that stands for a whole TensorFlow.js model. Its inputs are the examples and, as an initializer, the bytes of the weights. */
export const MODEL = 'TfjsModel';

/** What a model.json says. */
export interface ForeignSource {
  readonly format: 'tfjs-layers' | 'tfjs-graph';
  readonly topology: object;
  /** As the weights manifest lists them. */
  readonly weightSpecs: readonly object[];
}

/** A TensorFlow.js model that TensorFlow.js itself runs. */
interface ForeignModel {
  /** Shape of the input with the batch; null where it is open, undefined where nothing is said. */
  readonly inputShape: readonly (number | null)[] | undefined;
  /** Whether the scores are those beneath the softmax the model ends in. */
  readonly softmaxRemoved: boolean;
  scores(x: tf.Tensor): tf.Tensor;
  dispose(): void;
}

/** Loads the models that nodes of the graph stand for. */
export async function openForeignModels(graph: Graph): Promise<{
  operators: ReadonlyMap<Node, Operator>;
  /** Names of the initializers that hold their bytes. */
  weights: ReadonlySet<string>;
  release: () => void;
}> {
  const bytes = new Set<string>();
  const operators = new Map<Node, Operator>();
  const models: ForeignModel[] = [];
  for (const node of graph.nodes) {
    const { source } = node.attributes;
    const weights = graph.initializers.get(node.inputs[1] ?? '');
    if (!isForeign(node) || source?.type !== 'string' || weights === undefined) continue;
    const model = await openForeign(JSON.parse(source.value) as ForeignSource, weights.data as Uint8Array);
    models.push(model);
    bytes.add(node.inputs[1]!);
    operators.set(node, { run: ({ inputs }) => Value.of(model.scores(inputs[0]!.tensor)) });
  }
  const release = (): void => {
    for (const model of models) model.dispose();
  };
  return { operators, weights: bytes, release };
}

export const isForeign = ({ domain, op }: Node): boolean => domain === OWN_DOMAIN && op === MODEL;

/** @throws GauntletError MODEL_INVALID for a model that TensorFlow.js cannot read */
export async function openForeign(
  { format, topology, weightSpecs }: ForeignSource,
  weights: Uint8Array,
): Promise<ForeignModel> {
  try {
    return await FORMATS[format]({
      modelTopology: topology,
      weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
      weightData: Uint8Array.from(weights).buffer,
    });
  } catch (error) {
    throw new GauntletError('MODEL_INVALID', `TensorFlow.js cannot read the model: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

type Load = (artifacts: tf.io.ModelArtifacts) => Promise<ForeignModel>;

const FORMATS: Readonly<Record<ForeignSource['format'], Load>> = {
  'tfjs-layers': async (artifacts) => {
    const layers = await import('@tensorflow/tfjs-layers');
    const model = await layers.loadLayersModel(tf.io.fromMemory(artifacts));
    const { scores, softmaxRemoved } = beneathSoftmax(model, layers);
    return {
      inputShape: model.inputs[0]?.shape,
      softmaxRemoved,
      scores: (x) => [scores.apply(x, { training: false })].flat()[0] as tf.Tensor,
      dispose: () => void model.dispose(),
    };
  },
  'tfjs-graph': async (artifacts) => {
    const { loadGraphModel } = await import('@tensorflow/tfjs-converter');
    const model = await loadGraphModel(tf.io.fromMemory({ ...artifacts, format: 'graph-model' }));
    const input = model.inputs[0]!;
    const { name, softmaxRemoved } = outputBeneathSoftmax(model, artifacts.modelTopology as GraphTopology);
    return {
      inputShape: input.shape,
      softmaxRemoved,
      scores: (x) => model.execute({ [input.name]: x }, name) as tf.Tensor,
      dispose: () => {
        model.dispose();
      },
    };
  },
};

/** The model without a softmax at its end: probabilities saturate, and logits do not. */
function beneathSoftmax(
  model: LayersModel,
  layers: typeof tfjsLayers,
): { scores: LayersModel; softmaxRemoved: boolean } {
  const last = model.layers.at(-1)! as (typeof model.layers)[number] & {
    activation?: { getClassName?: () => string };
  };
  const linear = (layers.layers.activation({ activation: 'linear' }) as unknown as typeof last).activation!;
  const isSoftmax = last.activation?.getClassName?.() === 'softmax';
  if (isSoftmax) last.activation = linear;
  return { scores: model, softmaxRemoved: isSoftmax };
}

interface GraphTopology {
  readonly node: readonly {
    readonly name: string;
    readonly op: string;
    readonly input?: readonly string[];
  }[];
}

function outputBeneathSoftmax(
  model: GraphModel,
  { node: nodes }: GraphTopology,
): { name: string; softmaxRemoved: boolean } {
  const output = model.outputs[0]!.name;
  const nodeOf = (name: string) => nodes.find((node) => node.name === name.replace(/:\d+$/, ''));
  let node = nodeOf(output);
  while (node?.op === 'Identity') node = nodeOf(node.input![0]!);
  return node?.op === 'Softmax'
    ? { name: node.input![0]!, softmaxRemoved: true }
    : { name: output, softmaxRemoved: false };
}
