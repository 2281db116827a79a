import type { CorruptionSetting, Profile } from '../corruption.js';
import type { GaussianBlur } from './gaussian-blur.js';

/**
 * Along which axes the Gaussian blur of a published script works. MNIST-C's says of its two-dimensional images that their last
 * axis holds colours, so their columns are blurred each by itself and never into one another.
 */
const PUBLISHED: Readonly<Partial<Record<Profile, GaussianBlur['axes']>>> = { mnist: 'vertical' };

/** The axes that `gaussian_blur` and `glass_blur` blur along in a setting. */
export function blurAxesOf({ profile, quirks }: CorruptionSetting): NonNullable<GaussianBlur['axes']> {
  return quirks === 'fixed' ? 'both' : (PUBLISHED[profile] ?? 'both');
}
