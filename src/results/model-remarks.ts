import type { CompletedCell, Declared } from '../evaluate/cell.js';

/** What a reader of a result must know about its model, in words. */
export function modelRemarks({
  gradient,
  stochastic,
  declared,
}: Pick<CompletedCell['model'], 'gradient' | 'stochastic' | 'declared'>): string[] {
  return [
    ...(gradient === undefined ? [] : [`${gradient} gradients`]),
    ...(stochastic === true
      ? ['the model draws random numbers; judged by the majority of 20 draws per example']
      : []),
    ...(declared === undefined
      ? []
      : [`the model is no file (${originOf(declared)}); its hash is of what it says of itself`]),
  ];
}

function originOf({ by, version }: Declared): string {
  return `${by === 'code' ? 'code' : `behind HTTP, ${by}`}${version === undefined ? '' : `, version ${version}`}`;
}
