import type { HeadPlugin } from '../define.js';

/** Where all heads come from. */
export const PAPER =
  'Sbailo and Ghiringhelli, Emergence of Latent Binary Encoding in Deep Neural Network Classifiers, arXiv 2310.08224';

/** A penultimate layer without activation. */
export const linear: HeadPlugin['build'] = (layers, features, { units }) =>
  layers.dense('penultimate', features, units);

/** No penultimate layer: the output layer reads the backbone features. */
export const none: HeadPlugin['build'] = (_layers, features) => features;
