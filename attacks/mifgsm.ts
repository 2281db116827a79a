/**
 * MI-FGSM: sign steps along an accumulated gradient, which carries over to other models better than the gradient of one point.
 * Switches add what made it the standard transfer attack: random resizing (DI), smoothed gradients (TI), darker copies (SI),
 * and gradients taken ahead of the iterate (NI). With a surrogate all gradients are the surrogate's.
 *
 * Dong, Liao, Pang, Su, Zhu, Hu, Li, "Boosting adversarial attacks with momentum", CVPR 2018, arXiv:1710.06081. DI: Xie,
 * Zhang, Zhou, Bai, Wang, Ren, Yuille, CVPR 2019, arXiv:1803.06978. TI: Dong, Pang, Su, Zhu, CVPR 2019, arXiv:1904.02884.
 * SI, NI: Lin, Song, He, Wang, Hopcroft, ICLR 2020, arXiv:1908.06281.
 *
 * Checked against the loop of the paper in `test/attacks/mifgsm.test.ts`. Deviations: gradients are divided by the mean of their
 * absolute values, as the authors' code does, where the paper has the sum (only the length of NI's look ahead tells them apart);
 * a resized picture is smaller and padded with 0, as the network's input cannot grow; draws are per example and copy.
 * Without a surrogate, and where the gradient is taken at the iterate itself, fooled examples leave and the best iterate is
 * proposed; otherwise the last one.
 *
 * Limits: Linf only; the defaults are those of the transfer literature, ten steps, and not of a thorough white-box attack.
 * With a surrogate it measures transfer: what withstands it may fall to anyone who has the model.
 */
import {
  ActiveSet,
  allFinite,
  boxOf,
  Candidates,
  defineAttack,
  exampleSize,
  gaussianSmoothed,
  GauntletError,
  magnitude,
  objectiveOf,
  placed,
  planeGeometry,
  progressOf,
  regionOf,
  sliceRow,
  unplaced,
  withData,
  type Placement,
  type RandomStream,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'mifgsm',
    title: 'MI-FGSM',
    summary: 'Sign steps with momentum and input diversity: the standard transfer attack.',
    paper:
      'Dong, Liao, Pang, Su, Zhu, Hu, Li, "Boosting adversarial attacks with momentum", CVPR 2018, arXiv:1710.06081; DI: arXiv:1803.06978; TI: arXiv:1904.02884; SI, NI: arXiv:1908.06281',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    surrogate: 'optional',
    cost: ({ steps, scaleCopies }) => ({ forward: 1, gradient: steps * scaleCopies }),
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: { type: 'integer', minimum: 1, maximum: 100_000, default: 10, description: 'Steps' },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.1,
        description: 'Length of a step as a fraction of epsilon',
      },
      decay: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        default: 1,
        description: 'Share of the accumulated gradient that is kept at each step; 0 is BIM',
      },
      loss: { type: 'string', enum: ['ce', 'margin', 'dlr'], default: 'ce', description: 'Loss to ascend' },
      diversity: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        description: 'DI: probability of taking a gradient at a resized, padded copy (0.5 in the paper)',
      },
      smallest: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.9,
        description: 'DI: smallest size of the copy as a share of the picture',
      },
      kernel: {
        type: 'integer',
        minimum: 1,
        maximum: 99,
        default: 1,
        description:
          'TI: odd number of taps of the Gaussian kernel that smooths gradients; 1 leaves them (15 in the paper)',
      },
      scaleCopies: {
        type: 'integer',
        minimum: 1,
        maximum: 30,
        default: 1,
        description:
          'SI: gradients are summed over so many copies, each half as bright as the last (5 in the paper)',
      },
      nesterov: {
        type: 'boolean',
        default: false,
        description: 'NI: take the gradient where the momentum leads',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, stepSize, decay, loss, diversity, smallest, kernel, scaleCopies, nesterov } = parameters;
    const source = context.surrogate ?? classifier;
    const size = exampleSize(batch);
    const planes = requirePlanes();
    const box = boxOf(threat, batch, classifier.input.bounds);
    const momenta = new Map(batch.keys.map((key) => [key, new Float64Array(size)]));
    const candidates = new Candidates(batch);
    /** The logits of a gradient pass say something about the iterate. */
    const judging = context.surrogate === undefined && diversity === 0 && !nesterov;
    const active = new ActiveSet({ batch, threat, goal }, [...batch.keys.keys()]);

    for (let step = 0; step < steps && active.rows.length > 0; step++) {
      context.signal.throwIfAborted();
      await climb(step);
      context.progress((step + 1) / steps);
    }
    if (active.rows.length > 0) await finish();
    return { kind: 'examples', data: candidates.data };

    async function climb(step: number): Promise<void> {
      const { batch: clean } = active.problem;
      const { direction, ...request } = objectiveOf(active.problem, loss);
      const base = nesterov ? lookAhead(direction) : active.iterates.data;
      const slopes = new Float64Array(base.length);
      const leaving = new Set<number>();
      for (let copy = 0; copy < scaleCopies; copy++) {
        const scale = 2 ** -copy;
        const placements = clean.keys.map((key) =>
          diversity === 0 ? null : placementFrom(context.random(key, 'diversity', copy, step)),
        );
        const points = base.map((value) => value * scale);
        placements.forEach((placement, position) => {
          if (placement !== null) {
            points.set(placed(sliceRow(points, position, size), placement, 0), position * size);
          }
        });
        const { logits, gradient } = await source.lossGradient(withData(clean, points), request);
        placements.forEach((placement, position) => {
          if (copy === 0 && judging && judge(position, logits)) leaving.add(position);
          const row = sliceRow(gradient, position, size);
          const slope = placement === null ? row : unplaced(row, placement);
          if (!allFinite(slope)) leaving.add(position);
          for (let i = 0; i < size; i++) slopes[position * size + i]! += scale * slope[i]!;
        });
      }
      const region = regionOf(active.problem.threat, clean, classifier.input.bounds);
      active.rows.forEach((_row, position) => {
        if (leaving.has(position)) return;
        const momentum = accumulate(position, slopes.subarray(position * size, (position + 1) * size));
        region.step(position, momentum, active.iterate(position), direction * stepSize);
        region.project(position, active.iterate(position));
      });
      // Those without a finite gradient end where they are.
      for (const position of leaving) settle(position);
      active.leave(leaving);
    }

    /** g <- decay g + slope / mean |slope|; a zero gradient adds nothing. */
    function accumulate(position: number, slope: Float64Array): Float64Array {
      const momentum = momenta.get(active.problem.batch.keys[position]!)!;
      const smooth =
        planes === null || kernel === 1 ? slope : gaussianSmoothed(Float32Array.from(slope), planes, kernel);
      const mean = magnitude('l1', smooth) / size;
      for (let i = 0; i < size; i++) {
        momentum[i] = decay * momentum[i]! + (mean > 0 ? smooth[i]! / mean : 0);
      }
      return momentum;
    }

    /** Where a step of the kept momentum would lead, not clipped; a coordinate's unit is the furthest it can move. */
    function lookAhead(direction: 1 | -1): Float32Array {
      const ahead = active.iterates.data.slice();
      active.rows.forEach((row, position) => {
        const momentum = momenta.get(batch.keys[row]!)!;
        for (let i = 0; i < size; i++) {
          const at = row * size + i;
          const reach =
            threat.kind === 'lp'
              ? threat.epsilon
              : Math.max(box.upper[at]! - batch.data[at]!, batch.data[at]! - box.lower[at]!);
          ahead[position * size + i]! += direction * stepSize * reach * decay * momentum[i]!;
        }
      });
      return ahead;
    }

    function placementFrom(random: RandomStream): Placement | null {
      if (planes === null || random.uniform() >= diversity) return null;
      // One draw for both sides keeps the picture's proportions, as the paper does.
      const share = smallest + (1 - smallest) * random.uniform();
      const height = Math.max(Math.round(share * planes.height), 1);
      const width = Math.max(Math.round(share * planes.width), 1);
      const top = random.integer(planes.height - height + 1);
      return { planes, height, width, top, left: random.integer(planes.width - width + 1) };
    }

    /** Makes the iterate a candidate by its logits; whether the example is done. */
    function judge(position: number, logits: Float32Array): boolean {
      const { goal: aim, batch: clean } = active.problem;
      const scores = sliceRow(logits, position, classifier.numClasses);
      const progress = progressOf(scores, clean.labels[position]!, aim, position);
      if (Number.isNaN(progress.margin)) return true;
      candidates.offer(active.rows[position]!, active.iterate(position), progress);
      return progress.reached;
    }

    /** Where iterates are not judged, the last one is the proposal. */
    function settle(position: number): void {
      if (judging) return;
      candidates.replace(active.rows[position]!, active.iterate(position), { reached: false, margin: NaN });
    }

    async function finish(): Promise<void> {
      const logits = judging ? await classifier.logits(active.iterates) : undefined;
      active.rows.forEach((_row, position) => {
        if (logits === undefined) settle(position);
        else judge(position, logits);
      });
    }

    /** @throws GauntletError THREAT_UNSUPPORTED when it is no image and must be one */
    function requirePlanes() {
      if (kernel % 2 === 0)
        throw new GauntletError('PARAMETER_INVALID', `kernel must be odd; it is ${kernel}.`);
      return kernel === 1 && diversity === 0 ? null : planeGeometry(classifier.input);
    }
  },
});
