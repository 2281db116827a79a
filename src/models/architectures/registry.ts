import type { BackboneId } from './backbones.js';

export { buildNetwork, type Network, type NetworkSpec } from './network.js';
export { heads, type HeadId } from './heads.js';
export { backbones, type BackboneId, type BackboneSpec } from './backbones.js';
export type { Parameter } from './layers.js';

/** The architectures a recipe may name, for listings. */
export const architectures: Readonly<
  Record<BackboneId, { readonly title: string; readonly summary: string }>
> = {
  mlp: { title: 'MLP', summary: 'dense layers of the given widths' },
  cnn: {
    title: 'small CNN',
    summary: '3x3 convolution, activation and 2x2 max pooling per stage, then dense layers',
  },
};
