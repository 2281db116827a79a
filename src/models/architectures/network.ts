import { float, int, ints, GraphBuilder } from '../../graph/builder.js';
import { BATCH, type Graph } from '../../graph/ir.js';
import { floatTensor } from '../../tensor/tensor.js';
import type { ActivationId } from './activations.js';
import { buildPart } from './build-part.js';
import {
  LayerBuilder,
  type ImageValue,
  type Parameter,
  type ParameterStreams,
  type VectorValue,
} from './layers.js';
import {
  backboneOf,
  builtInArchitectures,
  headOf,
  type Architectures,
  type BackboneSpec,
} from './registry.js';

/** Everything that fixes a network but its weights. */
export interface NetworkSpec {
  readonly backbone: BackboneSpec;
  /** Id of the head. */
  readonly head: string;
  /** Units P of the penultimate layer; the head's default if absent, ignored by heads without such a layer. */
  readonly units?: number;
  readonly activation: ActivationId;
  /** Logits are `scale` times the cosine between features and the weights of each class; a linear layer if absent. */
  readonly cosine?: { readonly scale: number };
  /** Shape [C, H, W] of an image in [0, 1], and the normalisation the graph begins with: (x - mean) / std per channel. */
  readonly input: {
    readonly shape: readonly [channels: number, height: number, width: number];
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  readonly numClasses: number;
}

/** A classifier's graph and which of its initializers training changes. */
export interface Network {
  /**
   * The network as it is used: nothing is dropped, BatchNormalization has its running statistics. Input `input` [batch, C, H, W]
   * in [0, 1]; outputs `logits` [batch, K] and `features` [batch, P].
   */
  readonly graph: Graph;
  readonly parameters: readonly Parameter[];
  /** Running statistics: they follow the batches instead of a gradient. */
  readonly statistics: readonly Parameter[];
  /** Width P of `features`. */
  readonly latentWidth: number;
  /** Probability with which training drops a logit; 0 for none. */
  readonly dropout: number;
}

const OPSET = 17;

/** Prefix of the output layer's parameters. */
export const OUTPUT_LAYER = 'output';

/**
 * Builds an untrained network. The initial values of a parameter depend on its name and `streams` alone, so networks that
 * differ in the head start from the same backbone.
 * @param architectures what `backbone` and `head` are looked up in
 * @throws GauntletError RECIPE_INVALID when the images are too small for the backbone; PLUGIN_INVALID, PLUGIN_FAILED when a
 *   user's backbone or head names its layers wrongly, throws, or gives no matrix
 */
export function buildNetwork(
  spec: NetworkSpec,
  streams: ParameterStreams,
  architectures: Architectures = builtInArchitectures,
): Network {
  const builder = new GraphBuilder({ name: `${spec.backbone.kind}-${spec.head}`, opsets: { '': OPSET } });
  const layers = new LayerBuilder(builder, streams);
  const { activation } = spec;
  const { kind, ...parameters } = spec.backbone;
  const backbone = backboneOf(architectures, kind);
  const head = headOf(architectures, spec.head);
  const image = normalised(builder, spec.input);
  const found = buildPart(backbone, layers, () => backbone.build(layers, image, parameters, activation));
  const units = spec.units ?? head.defaultUnits ?? found.width;
  const latent = buildPart(head, layers, () => head.build(layers, found, { units, activation }));
  const features = { value: builder.addNamed('Identity', [latent.value], 'features'), width: latent.width };
  const logits =
    spec.cosine === undefined
      ? layers.dense(OUTPUT_LAYER, features, spec.numClasses).value
      : cosines(layers, features, spec.numClasses, spec.cosine.scale);
  builder.addNamed('Identity', [logits], 'logits');
  builder.output('logits', 'float32', [BATCH, spec.numClasses]);
  builder.output('features', 'float32', [BATCH, latent.width]);
  return {
    graph: builder.build(),
    parameters: layers.parameters,
    statistics: layers.statistics,
    latentWidth: latent.width,
    dropout: head.dropout ?? 0,
  };
}

function normalised(builder: GraphBuilder, { shape, mean, std }: NetworkSpec['input']): ImageValue {
  const input = builder.input('input', 'float32', [BATCH, ...shape]);
  const perChannel = (name: string, values: readonly number[]) =>
    builder.initializer(name, floatTensor(Float32Array.from(values), [1, shape[0], 1, 1]));
  const centred = builder.add('Sub', [input, perChannel('mean', mean)]);
  return { value: builder.add('Div', [centred, perChannel('std', std)]), shape };
}

/** Norms are taken to be at least this. */
const SHORTEST = 1e-12;

/** Deng et al., "ArcFace" (2019), section 3.1: features and weights of unit length, no bias. */
function cosines(layers: LayerBuilder, features: VectorValue, numClasses: number, scale: number): string {
  const { builder } = layers;
  const unit = (matrix: string): string => {
    const norm = builder.add('ReduceL2', [matrix], { axes: ints([1]), keepdims: int(1) });
    return builder.add('Div', [matrix, builder.add('Max', [norm, builder.scalar(SHORTEST)])]);
  };
  const weight = layers.weight(`${OUTPUT_LAYER}.weight`, [numClasses, features.width], features.width);
  return builder.add('Gemm', [unit(features.value), unit(weight)], { transB: int(1), alpha: float(scale) });
}
