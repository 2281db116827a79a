import { GauntletError } from '../../errors.js';
import type { InputSpec } from '../../classifier/classifier.js';

/** Where pixel (channel, row, column) of an image stands in the model's own layout. */
export interface PlaneGeometry {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly at: (channel: number, row: number, column: number) => number;
}

/** @throws GauntletError THREAT_UNSUPPORTED for an input that is not an image. */
export function planeGeometry(input: InputSpec): PlaneGeometry {
  const [a, b, c] = input.shape;
  if (input.shape.length !== 3 || input.layout === 'flat') {
    throw new GauntletError(
      'THREAT_UNSUPPORTED',
      `Transforms, patches and image bases need an image input; this model takes [${input.shape.join(', ')}] (${input.layout}).`,
    );
  }
  return input.layout === 'NCHW'
    ? { channels: a!, height: b!, width: c!, at: (ch, y, x) => (ch * b! + y) * c! + x }
    : { channels: c!, height: a!, width: b!, at: (ch, y, x) => (y * b! + x) * c! + ch };
}
