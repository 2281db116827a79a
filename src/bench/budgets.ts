import type { AttackMetadata } from '../plugin/attack.js';
import type { Norm, ThreatSpec } from '../plugin/threat.js';

/** Parameters of attacks whose defaults would take minutes, by id; about 40 gradient or 100 forward passes are left of them. */
export const BUDGETS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  apgd: { steps: 40 },
  'apgd-targeted': { steps: 10, targets: 4 },
  bisection: { searches: 3, parameters: { steps: 10 } },
  boundary: { queries: 150, starts: 5 },
  'carlini-wagner': { steps: 20, searches: 2 },
  ddn: { steps: 40 },
  deepfool: { steps: 5 },
  ead: { steps: 20, searches: 2 },
  eot: { parameters: { steps: 20 }, draws: 2 },
  fab: { steps: 5 },
  'fab-targeted': { steps: 10, targets: 4 },
  fmn: { steps: 40 },
  hopskipjump: { queries: 150, evaluations: 20, starts: 5 },
  nes: { steps: 2 },
  patch: { steps: 40 },
  'salt-and-pepper': { steps: 100 },
  simba: { steps: 50 },
  spatial: { rotationSteps: 11, translationSteps: 3 },
  spsa: { steps: 2, samples: 50 },
  square: { queries: 100 },
};

/** Norms in the order they are preferred. */
const NORMS: readonly Norm[] = ['linf', 'l2', 'l1', 'l0'];

/**
 * The threat an attack is timed under: the nearest example where it looks for that, else a budget so small that it fools hardly
 * anything, and nothing leaves early.
 */
export function benchThreat({
  threats,
  norms,
}: Pick<AttackMetadata<never>, 'threats' | 'norms'>): ThreatSpec {
  const norm = NORMS.find((each) => norms.includes(each)) ?? 'linf';
  if (threats.includes('minimum')) return { kind: 'minimum', norm };
  if (threats.includes('lp')) return { kind: 'lp', norm, epsilon: 1e-3 };
  if (threats.includes('patch')) return { kind: 'patch', area: 0.02 };
  return {
    kind: 'transform',
    ranges: { rotation: [-0.5, 0.5], translateX: [-0.05, 0.05], translateY: [-0.05, 0.05] },
  };
}
