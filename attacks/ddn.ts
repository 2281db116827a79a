/**
 * Decoupled Direction and Norm: the gradient turns the perturbation, and its length is set apart from that, a little shorter
 * after each success and a little longer after each failure.
 *
 * Rony, Hafemann, Oliveira, Ben Ayed, Sabourin, Granger, "Decoupling direction and norm for efficient gradient-based L2
 * adversarial attacks and defenses", CVPR 2019, arXiv:1811.09600, algorithm 1.
 *
 * Checked against adv_lib at 9dec220 (100 steps, no quantisation: `test/attacks/minimum-norm.slow.test.ts`). Deviations: where
 * the gradient is zero, and only there, the step goes in a random direction; lengths are in units of the width of the input
 * bounds; and until a success and a failure were seen the length rises twice as fast in each step as in the one before, and
 * falls 1.2 times as fast, because from a length of 1 it takes 5 % steps 90 of 100 to get to 0.01. Iterates are not quantised.
 *
 * Limits: L2 only, and no restarts. It follows the model's gradients: where the cross-entropy saturates they vanish, and
 * its steps are random until it leaves that place; `loss: margin` does not saturate.
 */
import {
  ActiveSet,
  aimsOf,
  allFinite,
  Closest,
  defineAttack,
  distance,
  magnitude,
  minimumNormOf,
  progressOf,
  rowOf,
  sliceRow,
  type LossGradient,
} from '#plugin';

const { cos, PI, max, min } = Math;

/** Length that the steps decay to, as a share of the first one's. */
const LAST_STEP = 0.01;

/** Relative changes of the length, at most, while its right order of magnitude is looked for. */
const LARGEST_RISE = 1;
const LARGEST_FALL = 0.2;
/** How much larger such a change is than the one before; faster falls overshoot on nets whose boundary is about there. */
const RISE_GROWTH = 2;
const FALL_GROWTH = 1.2;
const [SUCCESS, FAILURE] = [1, 2];

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'ddn',
    title: 'DDN',
    summary: 'Gradient steps on a sphere that shrinks after each success and grows after each failure (L2).',
    paper:
      'Rony, Hafemann, Oliveira, Ben Ayed, Sabourin, Granger, "Decoupling direction and norm for efficient gradient-based L2 adversarial attacks and defenses", CVPR 2019, arXiv:1811.09600',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp'],
    norms: ['l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, targets }, { numClasses }) => ({
      forward: targets > 0 ? 1 : 0,
      gradient: steps * max(min(targets, numClasses - 1), 1),
    }),
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 2,
        maximum: 100_000,
        default: 100,
        description: 'Gradient steps; the last one is not looked at any more',
      },
      gamma: {
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.05,
        description: 'Relative change of the length after each step',
      },
      initialNorm: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1_000_000,
        default: 1,
        description: 'First length of the perturbation, in widths of the input bounds',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 1,
        description:
          'Length of the first step, in widths of the input bounds; decays to a hundredth along a cosine',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin'],
        default: 'ce',
        description: 'Loss to ascend: cross-entropy or the margin of the best wrong class',
      },
      targets: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description:
          'Aim at each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, gamma, initialNorm, stepSize, loss, targets } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const search = minimumNormOf(threat, batch, classifier.input.bounds);
    const closest = new Closest(batch);
    const lengths = new Float64Array(batch.keys.length);
    const changes = new Float64Array(batch.keys.length);
    /** Outcomes seen in this run, of SUCCESS and FAILURE. */
    const seen = new Uint8Array(batch.keys.length);
    const aims = await aimsOf(classifier, batch, goal, targets);
    const runs = max(aims.count, 1);

    for (let run = 0; run < runs; run++) {
      const active = new ActiveSet({ batch, threat, goal }, closest.beyond(search.enough));
      lengths.fill(initialNorm * (upper - lower));
      changes.fill(gamma);
      seen.fill(0);
      for (let step = 0; step < steps && active.rows.length > 0; step++) {
        context.signal.throwIfAborted();
        const { direction, ...request } = aims.objective(active.problem, active.rows, loss, run);
        const pass = await classifier.lossGradient(active.iterates, request);
        const done = new Set<number>();
        active.rows.forEach((_row, position) => {
          if (advance(active, position, pass, direction, run, step)) done.add(position);
        });
        active.leave(done);
        context.progress((run * steps + step + 1) / (runs * steps));
      }
    }
    return search.proposal(closest);

    /** Judges an iterate by the logits of its gradient pass, turns it and sets its length; returns whether to leave. */
    function advance(
      active: ActiveSet,
      position: number,
      { logits, gradient }: LossGradient,
      direction: 1 | -1,
      run: number,
      step: number,
    ): boolean {
      const row = active.rows[position]!;
      const x = active.iterate(position);
      const clean = rowOf(batch, row);
      const slope = sliceRow(gradient, position, x.length);
      const scores = sliceRow(logits, position, classifier.numClasses);
      const { reached, margin } = progressOf(scores, batch.labels[row]!, goal, row);
      if (Number.isNaN(margin) || !allFinite(slope)) return true;

      if (reached) {
        const length = distance('l2', x, clean);
        closest.offer(row, x, length);
        if (length <= search.enough) return true;
      }
      const change = step === 0 ? gamma : nextChange(row, reached);
      const adapted = lengths[row]! * (reached ? 1 - change : 1 + change);
      lengths[row] = min(max(adapted, search.smallestRadius), search.limit(row));

      const decay = LAST_STEP + ((1 - LAST_STEP) * (1 + cos((PI * step) / steps))) / 2;
      const alpha = stepSize * (upper - lower) * decay;
      const steepness = magnitude('l2', slope);
      const way =
        steepness > 0
          ? slope
          : context.random(batch.keys[row]!, 'direction', run, step).fillNormal(new Float32Array(x.length));
      const scale = (direction * alpha) / (steepness > 0 ? steepness : magnitude('l2', way));
      const moved = new Float64Array(x.length);
      let squared = 0;
      for (let i = 0; i < x.length; i++) {
        const move = x[i]! - clean[i]! + scale * way[i]!;
        moved[i] = move;
        squared += move * move;
      }
      // Onto the sphere from inside and outside alike.
      const stretch = squared > 0 ? lengths[row] / Math.sqrt(squared) : 0;
      for (let i = 0; i < x.length; i++) moved[i] = clean[i]! + stretch * moved[i]!;
      search.project(row, moved, Infinity);
      x.set(moved);
      return false;
    }

    /** Gamma, once there was a success and a failure; until then more in each step than in the one before. */
    function nextChange(row: number, reached: boolean): number {
      seen[row]! |= reached ? SUCCESS : FAILURE;
      const bracketed = seen[row] === (SUCCESS | FAILURE);
      const largest = max(gamma, reached ? LARGEST_FALL : LARGEST_RISE);
      changes[row] = bracketed ? gamma : min((reached ? FALL_GROWTH : RISE_GROWTH) * changes[row]!, largest);
      return changes[row];
    }
  },
});
