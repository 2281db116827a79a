import { GauntletError } from '../../errors.js';
import type { Image } from '../corruption.js';

/**
 * The error for an image that a corruption cannot work on.
 * @param needs how the sentence "ID needs images ..." ends: `of one channel or three`
 */
export function unsuitedImage(corruption: string, needs: string, shape: Image['shape']): GauntletError {
  return new GauntletError(
    'CORRUPTION_SHAPE',
    `${corruption} needs images ${needs}; received [channels, height, width] = [${shape.join(', ')}].`,
  );
}

/** Throws unless an image is grey or of three colours. @throws GauntletError CORRUPTION_SHAPE */
export function requireGreyOrColour(corruption: string, shape: Image['shape']): void {
  if (shape[0] !== 1 && shape[0] !== 3) throw unsuitedImage(corruption, 'of one channel or three', shape);
}
