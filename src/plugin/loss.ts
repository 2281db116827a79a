import type { GraphBuilder } from '../graph/builder.js';

/**
 * A loss as a graph fragment on the logits. Attacks ascend it to leave the true class (untargeted). The fragment must use
 * operators that have gradient rules.
 */
export interface LossPlugin {
  readonly kind: 'loss';
  readonly metadata: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly apiVersion: number;
    /** Whether it compares the label with a second class. */
    readonly needsTargets: boolean;
    /** Fewest classes it is defined for; with fewer it must be the margin instead, and results say so. Two by default. */
    readonly minClasses?: number;
  };
  /**
   * Adds the loss to the graph. `logits`, `labels` and `targets` are value names of shape [batch, numClasses]; the last two
   * are one-hot float32. Returns the name of a float32 value of shape [batch]: the loss per example.
   */
  readonly build: (
    builder: GraphBuilder,
    values: { logits: string; labels: string; targets: string | null; numClasses: number },
  ) => string;
}
