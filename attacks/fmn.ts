/**
 * Fast Minimum-Norm: gradient steps inside a ball whose radius is estimated from the distance to the linearised boundary
 * until the goal is reached, and then shrinks and grows around the boundary.
 *
 * Pintor, Roli, Brendel, Biggio, "Fast minimum-norm adversarial attacks through adaptive norm constraints", NeurIPS 2021,
 * arXiv:2102.12827, algorithm 1.
 *
 * Checked against adv_lib at 9dec220 (Linf, 100 steps: `test/attacks/minimum-norm.slow.test.ts`). Deviations: the L1 and L2
 * projections are exact onto ball and box; until the goal is reached the radius grows by gamma at least; where the gradient
 * is zero the step goes in a random direction; lengths are in units of the width of the input bounds; restarts begin at a
 * random point as far away as the best one found. In L2 the projection is onto the ball, as in the paper (adv_lib's code
 * scales up to the sphere as well).
 *
 * Limits: it follows the model's gradients of the margin. The steps shrink with their number, so a short run is not the
 * beginning of a long one. In L0 the literature has stronger attacks.
 */
import {
  ActiveSet,
  aimsOf,
  allFinite,
  Closest,
  defineAttack,
  distance,
  dualNorm,
  magnitude,
  minimumNormOf,
  progressOf,
  randomStart,
  rowOf,
  sliceRow,
  type LossGradient,
} from '#plugin';

const { abs, cos, PI, floor, max, min } = Math;

/** Keeps 0 / 0 from being NaN. */
const TINY = 1e-300;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'fmn',
    title: 'FMN',
    summary: 'Gradient steps in a ball that shrinks and grows around the boundary: fast minimum-norm attack.',
    paper:
      'Pintor, Roli, Brendel, Biggio, "Fast minimum-norm adversarial attacks through adaptive norm constraints", NeurIPS 2021, arXiv:2102.12827',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp', 'box'],
    norms: ['linf', 'l2', 'l1', 'l0'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, targets }, { numClasses }) => ({
      forward: targets > 0 ? 1 : 0,
      gradient: steps * restarts * max(Math.min(targets, numClasses - 1), 1),
    }),
    linear: 'bound',
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
        description: 'Gradient steps per restart; the last one is not looked at any more',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 1,
        description: 'L2 length of the first step, in widths of the input bounds',
      },
      finalStepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.01,
        description: 'Length that the steps decay to along a cosine',
      },
      gamma: {
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.05,
        description: 'Relative change of the radius in the first step',
      },
      finalGamma: {
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.001,
        description: 'Change that it decays to along a cosine',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description:
          'Runs (per target); all but the first begin at a random point as far away as the best one found',
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
    const { steps, stepSize, finalStepSize, gamma, finalGamma, restarts, targets } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const search = minimumNormOf(threat, batch, classifier.input.bounds);
    const { norm } = search;
    const closest = new Closest(batch);
    const radii = new Float64Array(batch.keys.length);
    /** Whether this run reached the goal. */
    const crossed = new Uint8Array(batch.keys.length);

    const aims = await aimsOf(classifier, batch, goal, targets);
    const turns = max(aims.count, 1);
    const runs = restarts * turns;

    for (let run = 0; run < runs; run++) {
      const active = new ActiveSet({ batch, threat, goal }, closest.beyond(search.enough));
      radii.fill(norm === 'l0' ? 1 : Infinity);
      crossed.fill(0);
      if (run >= turns) startAnew(active, run);
      for (let step = 0; step < steps && active.rows.length > 0; step++) {
        context.signal.throwIfAborted();
        const { direction, ...request } = aims.objective(active.problem, active.rows, 'margin', run);
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

    function startAnew(active: ActiveSet, run: number): void {
      active.rows.forEach((row, position) => {
        const random = context.random(batch.keys[row]!, 'start', run);
        const reach = min(closest.distances[row]!, search.limit(row));
        const start = randomStart(norm, random, active.clean(position), reach, lower, upper);
        search.project(row, start, reach);
        active.iterate(position).set(start);
      });
    }

    /** Judges an iterate by the logits of its gradient pass, sets the radius and steps; returns whether to leave. */
    function advance(
      active: ActiveSet,
      position: number,
      { logits, loss, gradient }: LossGradient,
      direction: 1 | -1,
      run: number,
      step: number,
    ): boolean {
      const row = active.rows[position]!;
      const x = active.iterate(position);
      const slope = sliceRow(gradient, position, x.length);
      const scores = sliceRow(logits, position, classifier.numClasses);
      const { reached, margin } = progressOf(scores, batch.labels[row]!, goal, row);
      if (Number.isNaN(margin) || !allFinite(slope)) return true;

      const length = distance(norm, x, rowOf(batch, row));
      if (reached) {
        closest.offer(row, x, length);
        crossed[row] = 1;
        if (length <= search.enough) return true;
      }
      const decay = (1 + cos((PI * step) / steps)) / 2;
      const change = finalGamma + (gamma - finalGamma) * decay;
      const toBoundary =
        norm === 'l0' ? 0 : abs(loss[position]!) / max(magnitude(dualNorm[norm], slope), TINY);
      const radius = nextRadius(row, reached, length + toBoundary, change);
      radii[row] = min(radius, search.limit(row));

      const alpha = (finalStepSize + (stepSize - finalStepSize) * decay) * (upper - lower);
      const steepness = magnitude('l2', slope);
      const way =
        steepness > 0
          ? slope
          : context.random(batch.keys[row]!, 'direction', run, step).fillNormal(new Float32Array(x.length));
      const scale = (direction * alpha) / (steepness > 0 ? steepness : magnitude('l2', way));
      const moved = new Float64Array(x.length);
      for (let i = 0; i < x.length; i++) moved[i] = x[i]! + scale * way[i]!;
      search.project(row, moved, radii[row]);
      x.set(moved);
      return false;
    }

    /** Smaller where the goal is reached, else larger; before it ever was, as large as the linear model says. */
    function nextRadius(row: number, reached: boolean, linear: number, change: number): number {
      const radius = radii[row]!;
      const [shrunk, grown] = [radius * (1 - change), radius * (1 + change)];
      const sparse = norm === 'l0';
      if (reached) {
        const smaller = sparse ? min(radius - 1, floor(shrunk)) : shrunk;
        return max(min(smaller, closest.distances[row]!), search.smallestRadius);
      }
      if (sparse) return max(radius + 1, floor(grown));
      if (crossed[row] === 1) return grown;
      return radius < Infinity ? max(linear, grown) : linear;
    }
  },
});
