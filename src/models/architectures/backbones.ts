import { activations, type ActivationId } from './activations.js';
import type { ImageValue, LayerBuilder, VectorValue } from './layers.js';

/** What a backbone is made of; `kind` picks the entry of `backbones`. */
export type BackboneSpec =
  | { readonly kind: 'mlp'; readonly widths: readonly number[] }
  | { readonly kind: 'cnn'; readonly channels: readonly number[]; readonly widths: readonly number[] };

export type BackboneId = BackboneSpec['kind'];

type Backbone<Spec extends BackboneSpec> = (
  layers: LayerBuilder,
  x: ImageValue,
  spec: Spec,
  activation: ActivationId,
) => VectorValue;

const denseLayers = (
  layers: LayerBuilder,
  x: VectorValue,
  widths: readonly number[],
  activation: ActivationId,
): VectorValue =>
  widths.reduce((features, width, i) => {
    const dense = layers.dense(`backbone.dense${i + 1}`, features, width);
    return { ...dense, value: activations[activation](layers.builder, dense.value) };
  }, x);

/** Flattened pixels through dense layers of the given widths, each followed by the activation. */
const mlp: Backbone<Extract<BackboneSpec, { kind: 'mlp' }>> = (layers, x, spec, activation) =>
  denseLayers(layers, layers.flatten(x), spec.widths, activation);

/** Per entry of `channels`: 3x3 convolution, activation, 2x2 max pooling; then dense layers as in the MLP. */
const cnn: Backbone<Extract<BackboneSpec, { kind: 'cnn' }>> = (layers, x, spec, activation) => {
  const images = spec.channels.reduce<ImageValue>((image, channels, i) => {
    const conv = layers.conv3x3(`backbone.conv${i + 1}`, image, channels);
    return layers.maxPool2x2({ ...conv, value: activations[activation](layers.builder, conv.value) });
  }, x);
  return denseLayers(layers, layers.flatten(images), spec.widths, activation);
};

/** The backbones by id. */
export const backbones: { readonly [Kind in BackboneId]: Backbone<Extract<BackboneSpec, { kind: Kind }>> } = {
  mlp,
  cnn,
};

/** Adds the backbone that `spec` describes; returns its features [batch, width]. */
export function addBackbone(
  layers: LayerBuilder,
  x: ImageValue,
  spec: BackboneSpec,
  activation: ActivationId,
): VectorValue {
  const backbone = backbones[spec.kind] as Backbone<BackboneSpec>;
  return backbone(layers, x, spec, activation);
}
