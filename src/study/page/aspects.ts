import type { StudyFigure } from '../../results/schema/study.js';

/** Chooses figures. */
export type Choice = (figure: StudyFigure) => boolean;

export const startsWith =
  (...prefixes: string[]): Choice =>
  ({ id }) =>
    prefixes.some((prefix) => id.startsWith(prefix));
export const named =
  (...ids: string[]): Choice =>
  ({ id }) =>
    ids.includes(id);

/** Figures that are read together, with what they are about. */
export interface Aspect {
  readonly title: string;
  readonly chosen: Choice;
}

const aspect = (title: string, chosen: Choice): Aspect => ({ title, chosen });

/** What the page says something about, in the order of its summary. */
export const ASPECTS = {
  accuracy: aspect('Generalisation (test accuracy)', named('test-accuracy')),
  collapse: aspect('Collapse (NC1)', named('nc1')),
  binarity: aspect('Binarity (peak distance, mean and median)', named('separation', 'median-separation')),
  oneWord: aspect('One word per class (same encoding)', named('same-encoding', 'same-encoding-test')),
  reliability: aspect('Reliability (AUROC of the Mahalanobis distance)', named('mahalanobis')),
  deepfool: aspect("Robustness by the paper's DeepFool, all images", named('deepfool-all')),
  deepfoolFooled: aspect(
    "Robustness by the paper's DeepFool, images that were right and then fooled",
    named('deepfool-fooled'),
  ),
  apgd: aspect('APGD alone', startsWith('apgd-')),
  square: aspect('Square alone, without gradients', startsWith('square-')),
  cascade: aspect('Cascade, Linf and L2', startsWith('cascade-')),
  corruptions: aspect('Mean of the corruptions', named('mean-corruption')),
  noise: aspect('Noise', startsWith('gaussian-noise-', 'uniform-noise-')),
  probe: aspect('Linear probe', named('probe')),
  bits: aspect('Bits to the code book', named('hamming')),
  distance: aspect('Distance to the code book', named('vertex')),
  calibration: aspect('Calibration error', named('ece')),
} as const satisfies Record<string, Aspect>;
