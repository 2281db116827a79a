/**
 * Gaussian noise: the best of many draws. In L2 and L1 the direction of a normal draw, as long as the budget allows once
 * clipped to the bounds; in Linf and in a box normal noise whose standard deviation is half the way to the wall, clipped.
 * A control: an attack that fools less than this measures nothing.
 *
 * Reference: Foolbox 3.3 L2ClippingAwareRepeatedAdditiveGaussianNoiseAttack (100 draws); L1, Linf and boxes have none.
 * Deviations: draws are keyed by example, the best draw is kept, fooled examples leave.
 *
 * Limits: it finds what random points fall into, which in many dimensions is next to nothing: what it leaves is not robust
 * accuracy.
 */
import {
  addClipped,
  boxOf,
  Candidates,
  defineAttack,
  exampleSize,
  progressOf,
  rowOf,
  sliceRow,
  takeExamples,
  withData,
  type RandomStream,
} from '#plugin';

// Looked up once: this runs for every value of every draw.
const { abs, min } = Math;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'gaussian-noise',
    title: 'Gaussian noise',
    summary: 'The best of many draws of normal noise: what any attack should beat.',
    paper: 'none: a control',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'scores',
    stochastic: true,
    cost: ({ draws }) => ({ forward: draws, gradient: 0 }),
    linear: 'none',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      draws: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 100,
        description: 'Draws per example at most; an example leaves when one fools',
      },
    },
  },

  async run(classifier, batch, threat, goal, { draws }, context) {
    const [lower, upper] = classifier.input.bounds;
    const size = exampleSize(batch);
    const walls = threat.kind === 'box' || (threat.kind === 'lp' && threat.norm === 'linf');
    const box = walls ? boxOf(threat, batch, classifier.input.bounds) : null;
    const noise = new Float64Array(size);
    const candidates = new Candidates(batch);

    for (let draw = 0; draw < draws; draw++) {
      context.signal.throwIfAborted();
      const rows = candidates.unsolved;
      if (rows.length === 0) break;
      const noisy = new Float32Array(rows.length * size);
      rows.forEach((row, position) => {
        const random = context.random(batch.keys[row]!, 'noise', draw);
        writeNoisy(sliceRow(noisy, position, size), row, random);
      });
      const logits = await classifier.logits(withData(takeExamples(batch, rows), noisy));
      rows.forEach((row, position) => {
        const scores = sliceRow(logits, position, classifier.numClasses);
        const progress = progressOf(scores, batch.labels[row]!, goal, row);
        if (!Number.isNaN(progress.margin)) {
          candidates.offer(row, sliceRow(noisy, position, size), progress);
        }
      });
      context.progress((draw + 1) / draws);
    }
    return { kind: 'examples', data: candidates.data };

    function writeNoisy(out: Float32Array, row: number, random: RandomStream): void {
      const clean = rowOf(batch, row);
      random.fillNormal(noise);
      if (box === null) {
        const { norm, epsilon } = threat as { norm: 'l2' | 'l1'; epsilon: number };
        out.set(addClipped(norm, clean, noise, epsilon, lower, upper));
        return;
      }
      for (let i = 0, at = row * size; i < size; i++, at++) {
        const deviation = noise[i]!;
        const wall = (deviation > 0 ? box.upper : box.lower)[at]!;
        const share = min(abs(deviation) / 2, 1);
        out[i] = clean[i]! + share * (wall - clean[i]!);
      }
    }
  },
});
