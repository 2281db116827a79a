import type { ThreatSpec } from '../plugin/threat.js';
import type { SuiteStage } from './suite.js';

const NORM_TITLES = { linf: 'Linf', l2: 'L2', l1: 'L1', l0: 'L0' } as const;

/** Short text of a threat model for headings: `Linf 0.1`, `minimum L2`, `patch 5 %`. */
export function threatTitle(threat: ThreatSpec): string {
  switch (threat.kind) {
    case 'lp':
      return `${NORM_TITLES[threat.norm]} ${shortNumber(threat.epsilon)}`;
    case 'minimum':
      return `minimum ${NORM_TITLES[threat.norm]}`;
    case 'box':
      return 'box';
    case 'transform':
      return 'transform';
    case 'patch':
      return `patch ${shortNumber(threat.area * 100)} %`;
  }
}

/** Budgets the literature writes in 255ths are shown that way, others with four digits. */
function shortNumber(value: number): string {
  const levels = value * 255;
  const short = String(Number(value.toPrecision(4)));
  const isLevels = Math.abs(levels - Math.round(levels * 2) / 2) < 1e-9 && short !== String(value);
  return isLevels ? `${Math.round(levels * 2) / 2}/255` : short;
}

/** Short text of an attack: `PGD-40` for pgd with 40 steps. */
export function attackTitle(attack: string, parameters: Readonly<Record<string, unknown>>): string {
  const { steps } = parameters;
  const name = attack.length <= 5 ? attack.toUpperCase() : attack;
  return typeof steps === 'number' ? `${name}-${steps}` : name;
}

/** Heading of an attack, cascade or curve that does not bring its own: `PGD-40 Linf 0.1`, `FGSM, PGD-40 Linf 0.1`. */
export function stagesTitle(kind: 'attack' | 'cascade' | 'curve', stages: readonly SuiteStage[]): string {
  const attacks = new Set(stages.map((stage) => attackTitle(stage.attack, stage.parameters)));
  const threats = stages.map((stage) => threatTitle(stage.threat));
  const threat = kind === 'curve' ? `${threats[0]!} to ${threats.at(-1)!.replace(/^\S+ /, '')}` : threats[0]!;
  const targeted = stages[0]?.goal.kind === 'targeted' ? ', targeted' : '';
  return `${[...attacks].join(', ')} ${threat}${targeted}`;
}

/** Heading of a corruption: `Gaussian noise` for gaussian_noise. */
export function corruptionTitle(corruption: string): string {
  const words = corruption.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
