import { aurocsOf, type Auroc } from './auroc.js';
import { fitGaussians, mahalanobisDistances } from './gaussians.js';
import type { LatentPoints } from './points.js';

/** Shares of the mean variance that are added to the covariances: the one to quote, and one to either side of it. */
export const RIDGES = [1e-3, 1e-6, 1e-1] as const;

/** How well scores tell wrong predictions from right ones; all on the same images. */
export interface Reliability {
  /** Predictions that are right and wrong, among those that have all scores. */
  readonly right: number;
  readonly wrong: number;
  /** Images whose predicted class has no Gaussian (see gaussians.ts); they are in no AUROC. */
  readonly unscored: number;
  /** Classes without a Gaussian. */
  readonly classesWithoutGaussian: number;
  /**
   * By Mahalanobis distance to the predicted class, in the order of RIDGES. Null, here as below, without wrong or without
   * right predictions.
   */
  readonly mahalanobis: readonly { readonly ridge: number; readonly auroc: Auroc | null }[];
  /** By 1 - the largest softmax probability. */
  readonly softmax: Auroc | null;
  /** By distance to the nearest code word, in bits and in latent space; null without a code book. */
  readonly hamming: Auroc | null;
  readonly vertex: Auroc | null;
}

/** What reliability is measured from. */
export interface ReliabilityInput {
  /** Points that the Gaussians are fitted on: the training set. */
  readonly train: LatentPoints;
  readonly test: LatentPoints;
  /** Of each test image, as `uncertainties` gives it. */
  readonly uncertainty: Float64Array;
  /** Distances of the test images to a code book; null where there is none. */
  readonly toBook: { readonly hamming: Float64Array; readonly vertex: Float64Array } | null;
}

/**
 * AUROC with which scores detect wrong predictions: 1 when every wrong one scores higher than every right one, one half for a
 * score that says nothing. After Sbailo and Ghiringhelli, arXiv:2310.08224, who use the Mahalanobis distance to the predicted
 * class; the ridge is ours, as the covariance of a collapsed class is singular.
 */
export function reliabilityOf({ train, test, uncertainty, toBook }: ReliabilityInput): Reliability {
  const gaussians = fitGaussians(train);
  const distances = RIDGES.map((ridge) => mahalanobisDistances(gaussians, test, ridge));
  const rows: number[] = [];
  for (let i = 0; i < test.labels.length; i++) {
    if (distances.every((ofRidge) => !Number.isNaN(ofRidge[i]))) rows.push(i);
  }
  const wrong = Uint8Array.from(rows, (i) => Number(test.labels[i] !== test.predictions[i]));
  const scores = [...distances, uncertainty, ...(toBook === null ? [] : [toBook.hamming, toBook.vertex])];
  const aurocs = aurocsOf(
    scores.map((score) => Float64Array.from(rows, (i) => score[i]!)),
    wrong,
  );
  const [softmax, hamming = null, vertex = null] = aurocs.slice(RIDGES.length);
  const count = wrong.reduce((sum, one) => sum + one, 0);
  return {
    ...{ right: rows.length - count, wrong: count, unscored: test.labels.length - rows.length },
    classesWithoutGaussian: gaussians.classes.filter((gaussian) => gaussian === null).length,
    mahalanobis: RIDGES.map((ridge, i) => ({ ridge, auroc: aurocs[i]! })),
    ...{ softmax: softmax!, hamming, vertex },
  };
}

/**
 * 1 - the largest softmax probability of each row of logits, without the rounding that makes a confident model's all alike: the
 * other classes' probabilities are added up.
 * @param logits n x numClasses, finite
 */
export function uncertainties(logits: Float32Array, numClasses: number): Float64Array {
  return Float64Array.from({ length: logits.length / numClasses }, (_, row) => {
    const start = row * numClasses;
    let best = start;
    for (let at = start; at < start + numClasses; at++) if (logits[at]! > logits[best]!) best = at;
    let others = 0;
    for (let at = start; at < start + numClasses; at++)
      if (at !== best) others += Math.exp(logits[at]! - logits[best]!);
    return others / (1 + others);
  });
}

/** Several models' Mahalanobis AUROCs, compared at every ridge. */
export interface ReliabilityOrder {
  /** By ridge, in the order of RIDGES: names of the models, best first; equal values in the order given. */
  readonly orders: readonly { readonly ridge: number; readonly names: readonly string[] }[];
  /** Whether the order depends on the ridge; then a ranking by the first one says little. */
  readonly changes: boolean;
  /** Models without a value, left out of the orders. */
  readonly without: readonly string[];
}

/** Whether the order of models by Mahalanobis AUROC depends on the ridge, which is an arbitrary choice. */
export function compareReliability(
  models: readonly { readonly name: string; readonly reliability: Pick<Reliability, 'mahalanobis'> }[],
): ReliabilityOrder {
  const valued = models.filter(({ reliability }) =>
    reliability.mahalanobis.every(({ auroc }) => auroc !== null),
  );
  const orders = RIDGES.map((ridge, at) => ({
    ridge,
    names: valued
      .map(({ name, reliability }) => ({ name, value: reliability.mahalanobis[at]!.auroc!.value }))
      .sort((a, b) => b.value - a.value)
      .map(({ name }) => name),
  }));
  return {
    orders,
    changes: orders.some(({ names }) => names.join('\n') !== orders[0]!.names.join('\n')),
    without: models.filter((model) => !valued.includes(model)).map(({ name }) => name),
  };
}
