import type { CompletedCell } from '../../src/evaluate/cell.js';

/** Passes per example. */
interface Passes {
  readonly gradient: number;
  readonly forward: number;
}

/** Passes of the original (fra31/auto-attack at a392200) for an example that a stage is given and does not fool. */
const APGD_RUN: Passes = { gradient: 101, forward: 2 };
const FAB_RUN: Passes = { gradient: 100, forward: 200 };
const SQUARE: Passes = { gradient: 0, forward: 5000 };
const times = (runs: number, { gradient, forward }: Passes): Passes => ({
  gradient: runs * gradient,
  forward: runs * forward,
});

/** Per stage, in order, with ten classes. Untargeted FAB takes the gradient of every logit in each step. */
export const NOMINAL = {
  standard: [
    ['apgd', APGD_RUN],
    ['apgd-targeted', times(9, APGD_RUN)],
    ['fab-targeted', times(9, FAB_RUN)],
    ['square', SQUARE],
  ],
  plus: [
    ['apgd', times(5, APGD_RUN)],
    ['apgd', times(5, APGD_RUN)],
    ['fab', times(5, { gradient: 10 * 100, forward: 200 })],
    ['square', SQUARE],
    ['apgd-targeted', times(9, APGD_RUN)],
    ['fab-targeted', times(9, FAB_RUN)],
  ],
  /** Standard in L1. */
  sparse: [
    ['apgd', times(5, APGD_RUN)],
    ['apgd-targeted', times(5, APGD_RUN)],
    ['fab-targeted', times(9, FAB_RUN)],
  ],
} as const satisfies Record<string, readonly (readonly [string, Passes])[]>;

const KINDS = ['gradient', 'forward'] as const;

/** Stages that spent more than the original would have on as many survivors, as text. */
export function excesses(cell: CompletedCell, schedule: keyof typeof NOMINAL): string[] {
  const nominal: readonly (readonly [string, Passes])[] = NOMINAL[schedule];
  const stages = cell.stages.flatMap(({ passes }, i) => {
    const survivors = i === 0 ? cell.clean.correct : cell.stages[i - 1]!.robust;
    const [id, each] = nominal[i]!;
    return KINDS.filter((kind) => passes[kind] > survivors * each[kind]).map(
      (kind) => `${id}: ${passes[kind]} ${kind} passes for ${survivors} examples`,
    );
  });
  const examples = KINDS.flatMap((kind) => {
    const most = nominal.reduce((sum, [, each]) => sum + each[kind], 0);
    return cell.passes[kind].flatMap((spent, row) =>
      spent > most ? [`example ${cell.data.indices[row]!}: ${spent} ${kind} passes`] : [],
    );
  });
  return [...stages, ...examples];
}
