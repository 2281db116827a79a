import type { Classifier, InputSpec, PassCount } from '../../classifier/classifier.js';
import { countPasses, restrict } from '../../classifier/counting.js';
import { attackContext } from '../../evaluate/context.js';
import { keyedStream } from '../../random/keyed.js';
import { exampleSize, takeExamples, type LabelledBatch } from '../../tensor/batch.js';
import { clamp } from '../../tensor/clamp.js';
import { elementCount } from '../../tensor/tensor.js';
import type { AttackMetadata, AttackPlugin, Proposal } from '../attack.js';
import type { Problem } from '../problem.js';
import { loadAttack } from '../registry.js';
import type { Goal, Norm, Threat, ThreatKind } from '../threat.js';
import { randomNetwork } from './classifiers.js';

/** What the contract's classifiers take: small images in [0, 1]. */
export const INPUT: InputSpec = { shape: [1, 6, 6], layout: 'NCHW', bounds: [0, 1] };
export const SEED = 7;

/** Budgets that fool some of the contract's examples and leave others. */
const EPSILON: Readonly<Record<Norm, number>> = { linf: 0.1, l2: 0.5, l1: 2, l0: 4 };

/** One of the combinations of threat model and goal an attack says it takes. */
export interface Situation {
  /** E.g. `lp linf, targeted`. */
  readonly name: string;
  readonly threat: ThreatKind;
  /** For `lp` and `minimum`. */
  readonly norm: Norm | null;
  readonly goal: Goal['kind'];
}

/** Every combination the metadata name. */
export function situationsOf(
  metadata: Pick<AttackMetadata<never>, 'threats' | 'norms' | 'goals'>,
): Situation[] {
  return metadata.threats.flatMap((threat) => {
    const norms = threat === 'lp' || threat === 'minimum' ? metadata.norms : [null];
    return norms.flatMap((norm) =>
      metadata.goals.map((goal) => ({
        name: `${[threat, norm].filter((part) => part !== null).join(' ')}, ${goal}`,
        threat,
        norm,
        goal,
      })),
    );
  });
}

const threats: Readonly<Record<ThreatKind, (batch: LabelledBatch, norm: Norm, scale: number) => Threat>> = {
  lp: (_batch, norm, scale) => ({ kind: 'lp', norm, epsilon: scale * EPSILON[norm] }),
  /** Lopsided boxes, cut to the input bounds like those of a verifier. */
  box: (batch, _norm, scale) => {
    const size = exampleSize(batch);
    const edge = (purpose: string, sign: number): Float32Array => {
      const reaches = batch.keys.map((key) =>
        keyedStream(SEED, key, purpose).fillUniform(new Float64Array(size), 0, 2 * scale * EPSILON.linf),
      );
      return batch.data.map((value, i) => {
        const reach = sign * reaches[Math.floor(i / size)]![i % size]!;
        return clamp(value + reach, ...INPUT.bounds);
      });
    };
    return { kind: 'box', lower: edge('lower', -1), upper: edge('upper', 1) };
  },
  minimum: (_batch, norm) => ({ kind: 'minimum', norm }),
  transform: (_batch, _norm, scale) => ({
    kind: 'transform',
    ranges: {
      rotation: [-20 * scale, 20 * scale],
      translateX: [-scale, scale],
      translateY: [-scale, scale],
    },
  }),
  patch: () => ({ kind: 'patch', area: 0.12 }),
};

/**
 * A problem in a situation.
 * @param scale of the budget: 0 allows nothing.
 */
export function problemIn(
  situation: Situation,
  batch: LabelledBatch,
  numClasses: number,
  scale = 1,
): Problem {
  return {
    batch,
    threat: threats[situation.threat](batch, situation.norm ?? 'linf', scale),
    goal:
      situation.goal === 'untargeted'
        ? { kind: 'untargeted' }
        : { kind: 'targeted', targets: batch.labels.map((label) => (label + 1) % numClasses) },
  };
}

/** Random images, labelled as the classifier sees them; an image depends on its key alone. */
export async function examplesFor(classifier: Classifier, keys: readonly number[]): Promise<LabelledBatch> {
  const size = elementCount(INPUT.shape);
  const data = new Float32Array(keys.length * size);
  keys.forEach((key, row) => {
    keyedStream(SEED, key, 'contract/image').fillUniform(data.subarray(row * size, (row + 1) * size));
  });
  const batch = { shape: INPUT.shape, keys, data };
  return { ...batch, labels: await classifier.predict(batch) };
}

/** How to run an attack. */
export interface RunOptions {
  readonly classifier: Classifier;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly proposal: Proposal;
  /** Passes spent on each example. */
  readonly passes: readonly PassCount[];
}

/**
 * Runs an attack the way the harness does: with the classifier its access allows, a context of its own, and the state it
 * fitted (if it fits) on other examples, after a round trip through JSON.
 */
export async function runAttack(
  attack: AttackPlugin,
  problem: Problem,
  options: RunOptions,
): Promise<RunResult> {
  const { classifier, parameters, seed = SEED, signal = new AbortController().signal } = options;
  const state = attack.fit && plainJson(await fit(attack, problem, options));
  const counting = countPasses(classifier);
  const { batch, threat, goal } = problem;
  const proposal = await attack.run(
    restrict(counting, attack.metadata.access),
    batch,
    threat,
    goal,
    parameters,
    contextOf(attack, counting, problem, seed, signal),
    state,
  );
  return { proposal, passes: batch.keys.map((key) => counting.passes(key)) };
}

/** The state an attack learns on the contract's fit slice. */
export async function fit(attack: AttackPlugin, problem: Problem, options: RunOptions): Promise<unknown> {
  const { classifier, parameters, seed = SEED, signal = new AbortController().signal } = options;
  const slice = await examplesFor(classifier, [101, 102, 103, 104, 105, 106]);
  const { threat, goal } = problemLike(problem, slice, classifier.numClasses);
  const context = contextOf(attack, classifier, { batch: slice, threat, goal }, seed, signal);
  const allowed = restrict(classifier, attack.metadata.access);
  return attack.fit?.(allowed, slice, threat, goal, parameters, context);
}

/** A value after a round trip through JSON. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}

/** The same threat and goal for other examples. */
function problemLike({ threat, goal }: Problem, slice: LabelledBatch, numClasses: number): Problem {
  const situation: Situation = {
    name: '',
    threat: threat.kind,
    norm: 'norm' in threat ? threat.norm : null,
    goal: goal.kind,
  };
  const same = problemIn(situation, slice, numClasses);
  return threat.kind === 'box' ? same : { ...same, threat };
}

function contextOf(
  attack: AttackPlugin,
  classifier: Classifier,
  problem: Problem,
  seed: number,
  signal: AbortSignal,
) {
  return attackContext({
    attack,
    classifier,
    clean: takeExamples(problem.batch, [...problem.batch.keys.keys()]),
    threat: problem.threat,
    goal: problem.goal,
    seed,
    signal,
    loadAttack,
    progress: () => undefined,
    ...(attack.metadata.surrogate === true
      ? { surrogate: randomNetwork(SEED + 1, INPUT, 8, classifier.numClasses) }
      : {}),
  });
}
