import { takeExamples, exampleSize, type LabelledBatch } from '../tensor/batch.js';
import type { Classifier } from '../classifier/classifier.js';
import { restrict } from '../classifier/counting.js';
import { GauntletError } from '../errors.js';
import type { AttackContext, AttackPlugin, Proposal } from '../plugin/attack.js';
import { resolveParameters } from '../plugin/parameters.js';
import { restrictGoal, restrictThreat } from '../plugin/problem.js';
import type { Goal, Threat } from '../plugin/threat.js';
import { keyedStream } from '../random/keyed.js';
import { judge } from './judge.js';
import { requireSupport } from './support.js';

/** What a context is made from; one per batch an attack is run on. */
export interface ContextParts {
  readonly attack: AttackPlugin;
  /** Counted classifier, not yet narrowed to the attack's access. */
  readonly classifier: Classifier;
  readonly clean: LabelledBatch;
  readonly threat: Threat;
  readonly goal: Goal;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly surrogate?: Classifier;
  readonly loadAttack: (id: string) => Promise<AttackPlugin>;
  readonly progress: (fraction: number) => void;
}

/** Builds the context an attack runs in. Random streams carry the attack's id, so two attacks never share draws. */
export function attackContext(parts: ContextParts): AttackContext {
  const { attack, clean, seed, signal, surrogate } = parts;
  const rowsOf = rowFinder(clean);
  return {
    random: (key, purpose, restart, step) =>
      keyedStream(seed, key, `${attack.metadata.id}/${purpose}`, restart, step),
    progress: parts.progress,
    signal,
    ...(surrogate === undefined ? {} : { surrogate }),
    verify: async (candidates) => {
      const rows = rowsOf(candidates.keys);
      const part = partOf(parts, rows);
      const proposal: Proposal = { kind: 'examples', data: candidates.data };
      // On the counted classifier: asking the judge costs the attack a forward pass.
      // It does not get to see the draws that will decide.
      const draws = { seed, purpose: 'verify' } as const;
      const { judgements } = await judge(
        parts.classifier,
        part.clean,
        part.threat,
        part.goal,
        proposal,
        draws,
      );
      return judgements.map(({ outcome, distance }) => ({ outcome, distance }));
    },
    runAttack: async (id, parameters, subset, options = {}) => {
      const inner = await parts.loadAttack(id);
      const { classifier = parts.classifier, ...task } = options;
      const part = { ...partOf(parts, rowsOf(subset.keys)), ...task };
      requireSupport(inner, { ...part, surrogate });
      return inner.run(
        restrict(classifier, inner.metadata.access),
        subset,
        part.threat,
        part.goal,
        resolveParameters(inner.parameters, parameters, id),
        attackContext({ ...parts, ...part, attack: inner, classifier }),
      );
    },
  };
}

function partOf(
  parts: ContextParts,
  rows: readonly number[],
): Pick<ContextParts, 'clean' | 'threat' | 'goal'> {
  return {
    clean: takeExamples(parts.clean, rows),
    threat: restrictThreat(parts.threat, rows, exampleSize(parts.clean)),
    goal: restrictGoal(parts.goal, rows),
  };
}

function rowFinder(batch: LabelledBatch): (keys: readonly number[]) => number[] {
  const places = new Map(batch.keys.map((key, row) => [key, row]));
  return (keys) =>
    keys.map((key) => {
      const row = places.get(key);
      if (row === undefined) {
        throw new GauntletError(
          'PLUGIN_FAILED',
          `The attack asked about example ${key}, which it was not given.`,
        );
      }
      return row;
    });
}
