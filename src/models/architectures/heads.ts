import { activations, type ActivationId } from './activations.js';
import type { LayerBuilder, VectorValue } from './layers.js';

export type HeadId = 'binenc' | 'wide-binenc' | 'linpen' | 'nonlinpen' | 'nopen';

export interface Head {
  /** The paper's name. */
  readonly title: string;
  readonly summary: string;
  /** Whether the loss must pull the penultimate output towards the origin. */
  readonly compressed: boolean;
  /** Units of the penultimate layer when the recipe names none; null where there is no such layer. */
  readonly defaultUnits: number | null;
  /** Adds the penultimate layer; returns its output, the latent vector z. */
  readonly build: (
    layers: LayerBuilder,
    features: VectorValue,
    options: { readonly units: number; readonly activation: ActivationId },
  ) => VectorValue;
}

const linear: Head['build'] = (layers, features, { units }) => layers.dense('penultimate', features, units);

/** What stands between backbone and output layer: Sbailo and Ghiringhelli, arXiv 2310.08224v3, section 3. */
export const heads: Readonly<Record<HeadId, Head>> = {
  binenc: {
    title: 'BinEnc',
    summary: 'linear penultimate layer whose output is compressed towards the origin',
    compressed: true,
    defaultUnits: 32,
    build: linear,
  },
  'wide-binenc': {
    title: 'WideBinEnc',
    summary: 'BinEnc with 512 penultimate units',
    compressed: true,
    defaultUnits: 512,
    build: linear,
  },
  linpen: {
    title: 'LinPen',
    summary: 'linear penultimate layer, no compression',
    compressed: false,
    defaultUnits: 32,
    build: linear,
  },
  nonlinpen: {
    title: 'NonlinPen',
    summary: 'penultimate layer followed by the activation, no compression',
    compressed: false,
    defaultUnits: 32,
    build: (layers, features, options) => {
      const z = linear(layers, features, options);
      return { ...z, value: activations[options.activation](layers.builder, z.value) };
    },
  },
  nopen: {
    title: 'NoPen',
    summary: 'no penultimate layer: the output layer reads the backbone features',
    compressed: false,
    defaultUnits: null,
    build: (_layers, features) => features,
  },
};
