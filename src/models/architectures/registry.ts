import cnn from './backbones/cnn.js';
import mlp from './backbones/mlp.js';
import resnet from './backbones/resnet.js';
import resnet18 from './backbones/resnet18.js';
import resnet50 from './backbones/resnet50.js';
import type { BackbonePlugin, HeadPlugin, ParametersOf } from './define.js';
import binenc from './heads/binenc.js';
import dropoutLinpen from './heads/dropout-linpen.js';
import dropoutNopen from './heads/dropout-nopen.js';
import linpen from './heads/linpen.js';
import nonlinpen from './heads/nonlinpen.js';
import nopen from './heads/nopen.js';
import wideBinenc from './heads/wide-binenc.js';

const BACKBONES = { mlp, cnn, resnet, resnet18, resnet50 } as const;
const HEADS = {
  binenc,
  'wide-binenc': wideBinenc,
  linpen,
  nonlinpen,
  nopen,
  'dropout-linpen': dropoutLinpen,
  'dropout-nopen': dropoutNopen,
} as const;

export type BackboneId = keyof typeof BACKBONES;
export type HeadId = keyof typeof HEADS;

/** What a recipe says of a backbone; `kind` picks the plugin. */
export type BackboneSpec = {
  [Kind in BackboneId]: { readonly kind: Kind } & ParametersOf<(typeof BACKBONES)[Kind]['parameters']>;
}[BackboneId];

/** The backbones by id. */
export const backbones = BACKBONES as unknown as Readonly<Record<BackboneId, BackbonePlugin>>;

/** What stands between backbone and output layer, by id: Sbailo and Ghiringhelli, arXiv 2310.08224v3, section 3. */
export const heads: Readonly<Record<HeadId, HeadPlugin>> = HEADS;

/** An architecture a recipe may name, for listings. */
export interface ArchitectureListing {
  readonly id: string;
  readonly title: string;
  readonly part: 'backbone' | 'head';
  readonly summary: string;
  readonly paper: string | null;
}

/** Every backbone, then every head. */
export const listArchitectures = (): ArchitectureListing[] =>
  [...Object.values(backbones), ...Object.values(heads)].map(({ id, title, part, summary, paper }) => ({
    ...{ id, title, part, summary },
    paper: paper ?? null,
  }));
