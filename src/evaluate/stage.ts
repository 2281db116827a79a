import { countPasses, restrict, type CountingClassifier, type PassLedger } from '../classifier/counting.js';
import type { Classifier } from '../classifier/classifier.js';
import { GauntletError, messageOf } from '../errors.js';
import { sliceRow, takeExamples, exampleSize, type LabelledBatch } from '../tensor/batch.js';
import type { AttackStage } from './cell.js';
import { attackContext } from './context.js';
import { goalFor, threatFor } from './inputs.js';
import { judge, type Judgement } from './judge.js';
import type { Services } from './services.js';
import { requireSupport } from './support.js';
import { MODEL_FAILURES, watchAnswers, type Notes } from './watch.js';

/** A batch of examples on its way through one attack. */
export interface StageBatch {
  readonly stage: AttackStage;
  /** What the attack learned in `fit`, if it did. */
  readonly state: unknown;
  readonly seed: number;
  readonly clean: LabelledBatch;
  /** Uncounted: the judge's passes are not the attack's. */
  readonly judging: Classifier;
  readonly counting: CountingClassifier;
  /** Where `counting` books; a surrogate's passes go there too. */
  readonly ledger: PassLedger;
  /** Where losses are noted that the model has too few classes for. */
  readonly substituted: Set<string>;
  readonly services: Services;
  readonly signal: AbortSignal;
}

export interface JudgedRow {
  readonly judgement: Judgement;
  readonly adversarial: Float32Array;
  readonly applied?: Float64Array;
  /** -1 when untargeted. */
  readonly target: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Errors that are about the whole cell, not about the plugin's behaviour on some example. */
const CELL_ERRORS = new Set<string>([
  ...MODEL_FAILURES,
  'NO_GRADIENT',
  'GRADIENT_BLOCKED',
  'NO_FEATURES',
  'UNKNOWN_LOSS',
  'THREAT_UNSUPPORTED',
  'ENGINE_COMPILE',
  'ENGINE_RUN',
  'DATA_NOT_FOUND',
  'DATA_INVALID',
  'UNKNOWN_ATTACK',
  'PARAMETER_INVALID',
]);

const INVALID: Judgement = { outcome: 'invalid', distance: NaN, margin: NaN };

/**
 * Lets the attack propose and the judge decide. What the judge finds robust is invalid where the model gave the attack an answer
 * that is not finite: it may have hidden an adversarial. When the attack throws, every example is tried alone, so that which
 * examples end as invalid does not depend on the company they were in.
 */
export async function proposeAndJudge(batch: StageBatch): Promise<JudgedRow[]> {
  try {
    return await attempt(batch);
  } catch (error) {
    if (batch.signal.aborted || (error instanceof GauntletError && CELL_ERRORS.has(error.key))) throw error;
    if (batch.clean.keys.length === 1) return [failedRow(batch, error)];
    const rows: JudgedRow[] = [];
    for (let row = 0; row < batch.clean.keys.length; row++) {
      rows.push(...(await proposeAndJudge({ ...batch, clean: takeExamples(batch.clean, [row]) })));
    }
    return rows;
  }
}

async function attempt(batch: StageBatch): Promise<JudgedRow[]> {
  const { stage, services, clean, counting, seed, signal } = batch;
  const attack = await services.attack(stage.attack);
  requireSupport(attack, stage);
  const threat = await threatFor(stage.threat, clean);
  const goal = goalFor(stage.goal, clean, counting.numClasses, seed);
  const surrogate = stage.surrogate && (await services.classifier(stage.surrogate, signal));
  if (surrogate !== undefined) requireAlike(surrogate, counting);
  const notes: Notes = { faults: new Set<number>(), substituted: batch.substituted };
  const watched = watchAnswers(counting, notes);
  const context = attackContext({
    attack,
    classifier: watched,
    clean,
    threat,
    goal,
    seed,
    signal,
    ...(surrogate === undefined
      ? {}
      : { surrogate: watchAnswers(countPasses(surrogate, batch.ledger), notes) }),
    loadAttack: (id) => services.attack({ id, version: '' }),
    progress: () => undefined,
  });
  const proposal = await attack.run(
    restrict(watched, attack.metadata.access),
    // The plugin gets its own copy: what it does to its inputs must not reach the judge.
    { ...clean, data: clean.data.slice(), labels: clean.labels.slice() },
    threat,
    goal,
    stage.parameters,
    context,
    batch.state,
  );
  if (notes.failure !== undefined) throw notes.failure;
  const { judgements, materialised } = await judge(batch.judging, clean, threat, goal, proposal, {
    seed,
    purpose: 'judge',
  });
  const size = exampleSize(clean);
  const width = (materialised.applied?.length ?? 0) / clean.keys.length;
  return judgements.map((judgement, row) => {
    const failure = failureOf(judgement, notes.faults.has(clean.keys[row]!));
    return {
      judgement: failure === undefined ? judgement : INVALID,
      adversarial: sliceRow(materialised.data, row, size).slice(),
      ...(materialised.applied && {
        applied: materialised.applied.slice(row * width, (row + 1) * width),
      }),
      target: goal.kind === 'targeted' ? goal.targets[row]! : -1,
      ...(failure && { failure }),
    };
  });
}

/** Why a judgement is none, if so. A fooled example stays fooled, whatever else the model answered. */
function failureOf({ outcome }: Judgement, atFault: boolean): JudgedRow['failure'] {
  const nonFinite = (message: string) => ({ code: 'NON_FINITE', message });
  if (outcome === 'invalid') return nonFinite('the candidate or the logits on it are not finite');
  if (outcome === 'robust' && atFault)
    return nonFinite('the logits on an input that the attack tried are not finite');
  return undefined;
}

/** A surrogate is asked about the target's own examples and classes. */
function requireAlike(surrogate: Classifier, target: Classifier): void {
  const what = ({ input, numClasses }: Classifier): string =>
    `[${input.shape.join(', ')}] ${input.layout} in [${input.bounds.join(', ')}] to ${numClasses} classes`;
  if (what(surrogate) === what(target)) return;
  throw new GauntletError(
    'THREAT_UNSUPPORTED',
    `The surrogate takes ${what(surrogate)}, the model that is attacked ${what(target)}.`,
  );
}

function failedRow(batch: StageBatch, error: unknown): JudgedRow {
  return {
    judgement: INVALID,
    adversarial: batch.clean.data.slice(),
    target: -1,
    failure: {
      code: error instanceof GauntletError ? error.key : 'PLUGIN_FAILED',
      message: messageOf(error),
    },
  };
}
