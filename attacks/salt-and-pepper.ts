/**
 * Salt and pepper: sets a random share of the input values to their highest or lowest, with a share that grows until the
 * prediction changes, then starts again from half of it to find fewer. A control, and the weakest of sparse attacks.
 *
 * Reference: Foolbox 3.3 SaltAndPepperNoiseAttack (1,000 steps, window from 0.5 to 1.2 times the share that fooled).
 * Deviations: draws are keyed by example; values are set one by one, not all channels of a pixel together; nearest is meant
 * in the norm of the threat. Under a budget an example leaves once it is fooled within.
 *
 * Limits: a control: it chooses values at random and knows only how many. L1 and L2 distances are those of values at the
 * bounds, far from the smallest.
 */
import {
  Closest,
  defineAttack,
  distance,
  exampleSize,
  reachesGoal,
  rowOf,
  sliceRow,
  takeExamples,
  withData,
} from '#plugin';

/** The share of values to change for one example, on its way up within a window. */
interface Search {
  share: number;
  lowest: number;
  highest: number;
  stride: number;
}

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'salt-and-pepper',
    title: 'Salt and pepper',
    summary: 'Random values set to black or white, as few as change the prediction.',
    paper: 'none: a control',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'minimum'],
    norms: ['l0', 'l1', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'decision',
    stochastic: true,
    cost: ({ steps }) => ({ forward: steps, gradient: 0 }),
    linear: 'none',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 1000,
        description: 'Draws per example at most',
      },
    },
  },

  async run(classifier, batch, threat, goal, { steps }, context) {
    const [black, white] = classifier.input.bounds;
    const size = exampleSize(batch);
    const norm = 'norm' in threat ? threat.norm : 'l0';
    const budget = threat.kind === 'lp' ? threat.epsilon : 0;
    const closest = new Closest(batch);
    const uniform = new Float64Array(size);
    const searches = batch.keys.map<Search>(() => ({
      share: 1 / steps,
      lowest: 0,
      highest: 1,
      stride: 1 / steps,
    }));

    for (let step = 0; step < steps; step++) {
      context.signal.throwIfAborted();
      const rows = closest.beyond(budget);
      if (rows.length === 0) break;
      const data = new Float32Array(rows.length * size);
      rows.forEach((row, position) => {
        const random = context.random(batch.keys[row]!, 'noise', 0, step);
        random.fillUniform(uniform);
        sprinkle(rowOf(batch, row), searches[row]!.share, sliceRow(data, position, size));
      });
      const predicted = await classifier.predict(withData(takeExamples(batch, rows), data));
      rows.forEach((row, position) => {
        const point = data.subarray(position * size, (position + 1) * size);
        const fooled = reachesGoal(predicted[position]!, batch.labels[row]!, goal, row);
        const nearer = fooled && closest.offer(row, point, distance(norm, point, rowOf(batch, row)));
        advance(searches[row]!, nearer, steps - step);
      });
      context.progress((step + 1) / steps);
    }
    // Under a budget a candidate beyond it is none.
    if (threat.kind === 'lp') {
      for (const row of closest.beyond(budget)) closest.data.set(rowOf(batch, row), row * size);
    }
    return { kind: 'examples', data: closest.data };

    /** Half of the chosen values become white, half black. */
    function sprinkle(clean: Float32Array, share: number, out: Float32Array): void {
      const [lowest, highest] = [share / 2, 1 - share / 2];
      for (let i = 0; i < size; i++) {
        const draw = uniform[i]!;
        out[i] = draw < lowest ? black : draw >= highest ? white : clean[i]!;
      }
    }
  },
});

/** A nearer success narrows the window and starts again at its foot; so does reaching its top. */
function advance(search: Search, nearer: boolean, stepsLeft: number): void {
  const atTop = search.share >= search.highest;
  if (nearer) {
    search.lowest = 0.5 * search.share;
    search.highest = Math.min(1.2 * search.share, 1);
    search.stride = (search.highest - search.lowest) / stepsLeft;
  }
  const from = nearer || atTop ? search.lowest : search.share;
  search.share = Math.min(from + search.stride, search.highest);
}
