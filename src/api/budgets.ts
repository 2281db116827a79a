import type { Norm } from '../plugin/threat.js';

/** Budgets that are customary for images in [0, 1] (those of CIFAR-10 leaderboards); for l0 there is no custom to follow. */
export const CUSTOMARY_EPSILON: Readonly<Partial<Record<Norm, number>>> = { linf: 8 / 255, l2: 0.5, l1: 12 };

/** Reach either way, in degrees and pixels, that is customary for small images (Engstrom et al., ICML 2019). */
export const CUSTOMARY_TRANSFORM = { rotation: 30, translation: 3 } as const;

/** Fraction of the image that a patch may cover where none is given (Brown et al. 2017 use 0.5 % to 50 %). */
export const CUSTOMARY_PATCH_AREA = 0.05;
