import type { CompletedCell } from '../evaluate/cell.js';

/** What a reader of a result must know about its model, in words. */
export function modelRemarks({
  gradient,
  stochastic,
}: Pick<CompletedCell['model'], 'gradient' | 'stochastic'>): string[] {
  return [
    ...(gradient === undefined ? [] : [`${gradient} gradients`]),
    ...(stochastic === true
      ? ['the model draws random numbers; judged by the majority of 20 draws per example']
      : []),
  ];
}
