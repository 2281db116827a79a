import { GraphBuilder } from '../../graph/builder.js';
import { BATCH, type Graph } from '../../graph/ir.js';
import { floatTensor } from '../../tensor/tensor.js';
import type { ActivationId } from './activations.js';
import { addBackbone, type BackboneSpec } from './backbones.js';
import { heads, type HeadId } from './heads.js';
import { LayerBuilder, type ImageValue, type Parameter, type ParameterStreams } from './layers.js';

/** Everything that fixes a network but its weights. */
export interface NetworkSpec {
  readonly backbone: BackboneSpec;
  readonly head: HeadId;
  /** Units P of the penultimate layer; the head's default if absent, ignored by `nopen`. */
  readonly units?: number;
  readonly activation: ActivationId;
  /** Shape [C, H, W] of an image in [0, 1], and the normalisation the graph begins with: (x - mean) / std per channel. */
  readonly input: {
    readonly shape: readonly [channels: number, height: number, width: number];
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  readonly numClasses: number;
}

/** A classifier's graph and which of its initializers are trained. */
export interface Network {
  /** Input `input` [batch, C, H, W] in [0, 1]; outputs `logits` [batch, K] and `features` [batch, P]. */
  readonly graph: Graph;
  readonly parameters: readonly Parameter[];
  /** Width P of `features`. */
  readonly latentWidth: number;
}

const OPSET = 17;

/**
 * Builds an untrained network. The initial values of a parameter depend on its name and `streams` alone, so networks that
 * differ in the head start from the same backbone.
 */
export function buildNetwork(spec: NetworkSpec, streams: ParameterStreams): Network {
  const builder = new GraphBuilder({ name: `${spec.backbone.kind}-${spec.head}`, opsets: { '': OPSET } });
  const layers = new LayerBuilder(builder, streams);
  const backbone = addBackbone(layers, normalised(builder, spec.input), spec.backbone, spec.activation);
  const head = heads[spec.head];
  const units = spec.units ?? head.defaultUnits ?? backbone.width;
  const latent = head.build(layers, backbone, { units, activation: spec.activation });
  const features = builder.addNamed('Identity', [latent.value], 'features');
  const logits = layers.dense('output', { value: features, width: latent.width }, spec.numClasses);
  builder.addNamed('Identity', [logits.value], 'logits');
  builder.output('logits', 'float32', [BATCH, spec.numClasses]);
  builder.output('features', 'float32', [BATCH, latent.width]);
  return { graph: builder.build(), parameters: layers.parameters, latentWidth: latent.width };
}

function normalised(builder: GraphBuilder, { shape, mean, std }: NetworkSpec['input']): ImageValue {
  const input = builder.input('input', 'float32', [BATCH, ...shape]);
  const perChannel = (name: string, values: readonly number[]) =>
    builder.initializer(name, floatTensor(Float32Array.from(values), [1, shape[0], 1, 1]));
  const centred = builder.add('Sub', [input, perChannel('mean', mean)]);
  return { value: builder.add('Div', [centred, perChannel('std', std)]), shape };
}
