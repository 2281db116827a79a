/**
 * Uniform noise: the best of many draws. In Linf and in a box uniform in the set; in L2 and L1 the direction of a point of the
 * cube, as long as the budget allows once clipped to the bounds; in L0 so many coordinates anew, uniform between the bounds.
 * A control: an attack that fools less than this measures nothing.
 *
 * Reference: Foolbox 3.3 L2ClippingAwareRepeatedAdditiveUniformNoiseAttack and LinfRepeatedAdditiveUniformNoiseAttack (100 draws).
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
  randomStart,
  rowOf,
  sliceRow,
  takeExamples,
  withData,
  type Norm,
  type RandomStream,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'uniform-noise',
    title: 'Uniform noise',
    summary: 'The best of many draws of uniform noise: what any attack should beat.',
    paper: 'none: a control',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1', 'l0'],
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
      if (box !== null) {
        random.fillUniform(noise);
        for (let i = 0, at = row * size; i < size; i++, at++) {
          out[i] = box.lower[at]! + noise[i]! * (box.upper[at]! - box.lower[at]!);
        }
      } else if (threat.kind === 'lp') out.set(pointOfBall(threat, clean, random));
    }

    function pointOfBall(
      { norm, epsilon }: { readonly norm: Norm; readonly epsilon: number },
      clean: Float32Array,
      random: RandomStream,
    ): ArrayLike<number> {
      if (norm !== 'l1' && norm !== 'l2') return randomStart(norm, random, clean, epsilon, lower, upper);
      return addClipped(norm, clean, random.fillUniform(noise, -1, 1), epsilon, lower, upper);
    }
  },
});
