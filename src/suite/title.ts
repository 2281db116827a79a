import { parameterProperties } from '../plugin/parameters.js';
import { listAttacks, listComposites } from '../plugin/registry.js';
import type { ThreatSpec, TransformRanges } from '../plugin/threat.js';
import { referenceName } from './reference.js';
import type { SuiteStage } from './suite.js';

const NORM_TITLES = { linf: 'Linf', l2: 'L2', l1: 'L1', l0: 'L0' } as const;

/** Short text of a threat model for headings: `Linf 0.1`, `minimum L2`, `rotation 30, shift 3`, `patch 5 %`. */
export function threatTitle(threat: ThreatSpec): string {
  switch (threat.kind) {
    case 'lp':
      return `${NORM_TITLES[threat.norm]} ${shortNumber(threat.epsilon)}`;
    case 'minimum':
      return `minimum ${NORM_TITLES[threat.norm]}`;
    case 'box':
      return 'box';
    case 'transform':
      return transformTitle(threat.ranges);
    case 'patch':
      return `patch ${shortNumber(threat.area * 100)} %`;
  }
}

/** `rotation 30, shift 3` where the ranges are the same both ways, else just the kind. */
function transformTitle({ rotation, translateX, translateY }: TransformRanges): string {
  const [angle, shift] = [rotation[1], translateX[1]];
  const even =
    rotation[0] === -angle &&
    [translateX, translateY].every(([low, high]) => low === -shift && high === shift);
  return even ? `rotation ${shortNumber(angle)}, shift ${shortNumber(shift)}` : 'transform';
}

/** Budgets the literature writes in 255ths are shown that way, others with four digits. */
function shortNumber(value: number): string {
  const levels = value * 255;
  const short = String(Number(value.toPrecision(4)));
  const isLevels = Math.abs(levels - Math.round(levels * 2) / 2) < 1e-9 && short !== String(value);
  return isLevels ? `${Math.round(levels * 2) / 2}/255` : short;
}

/** Short text of an attack: `PGD-40` for pgd with 40 steps, `AutoAttack (standard)` for a composite. */
export function attackTitle(attack: string, parameters: Readonly<Record<string, unknown>>): string {
  const composite = listComposites().find(({ metadata }) => metadata.id === attack);
  if (composite !== undefined) {
    const { title, variant } = composite.metadata;
    if (variant === undefined) return title;
    const chosen = parameters[variant] ?? parameterProperties(composite.parameters)[variant]?.default;
    return `${title} (${String(chosen)})`;
  }
  const { steps } = parameters;
  const known = listAttacks().find(({ metadata }) => metadata.id === attack)?.metadata.title;
  const name = known ?? (attack.length <= 5 ? attack.toUpperCase() : attack);
  return typeof steps === 'number' ? `${name}-${steps}` : name;
}

/** Heading of an attack, cascade or curve that does not bring its own: `PGD-40 Linf 0.1`, `FGSM, PGD-40 Linf 0.1`. */
export function stagesTitle(kind: 'attack' | 'cascade' | 'curve', stages: readonly SuiteStage[]): string {
  const attacks = new Set(stages.map((stage) => attackTitle(stage.attack, stage.parameters)));
  const threats = stages.map((stage) => threatTitle(stage.threat));
  const threat = kind === 'curve' ? `${threats[0]!} to ${threats.at(-1)!.replace(/^\S+ /, '')}` : threats[0]!;
  const targeted = stages[0]?.goal.kind === 'targeted' ? ', targeted' : '';
  const surrogate = stages[0]?.surrogate;
  const transfer = surrogate === undefined ? '' : `, transfer from ${referenceName(surrogate)}`;
  return `${[...attacks].join(', ')} ${threat}${targeted}${transfer}`;
}

/** Heading of a corruption: `Gaussian noise` for gaussian_noise. */
export function corruptionTitle(corruption: string): string {
  const words = corruption.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
