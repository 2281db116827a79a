import type { RandomStream } from '../random/stream.js';
import type { ParameterSchema, ParametersOf } from './attack.js';

/** One image, channels first, float32 in [0, 1]. */
export interface Image {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly data: Float32Array;
}

export interface CorruptionMetadata {
  /** Snake case as in the literature, equal to the file's name. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: string;
  readonly version: string;
  readonly apiVersion: number;
  readonly stochastic: boolean;
}

/** A corruption: `sample` draws the random part, `apply` is pure. */
export interface CorruptionPlugin<S extends ParameterSchema = ParameterSchema, Drawn = unknown> {
  readonly kind: 'corruption';
  readonly metadata: CorruptionMetadata;
  readonly parameters: S;
  /** Parameter values per severity, from 1 (index 0) to 5. */
  readonly severities: readonly ParametersOf<S>[];
  readonly sample: (random: RandomStream, severity: ParametersOf<S>, shape: Image['shape']) => Drawn;
  /** Returns a new image of the same shape with values in [0, 1]. */
  readonly apply: (image: Image, drawn: Drawn, severity: ParametersOf<S>) => Float32Array;
}
