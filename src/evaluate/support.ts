import { GauntletError } from '../errors.js';
import type { AttackMetadata } from '../plugin/attack.js';
import type { AttackStage, ModelReference } from './cell.js';
import type { Services } from './services.js';
import type { Goal, Norm, ThreatKind } from '../plugin/threat.js';

/** An attack or composite, as far as what it takes goes. */
interface Reach {
  readonly metadata: Pick<AttackMetadata<never>, 'id' | 'threats' | 'norms' | 'goals' | 'surrogate'>;
}

/** What it is asked to do, as far as it has a name: a stage, or a run inside another attack. */
interface Task {
  readonly threat: { readonly kind: ThreatKind; readonly norm?: Norm };
  readonly goal: { readonly kind: Goal['kind'] };
  readonly surrogate?: unknown;
}

/**
 * Refuses a task its attack does not claim to handle: running it anyway would count what the attack cannot do as
 * robustness.
 * @throws GauntletError THREAT_UNSUPPORTED naming what was asked and what the attack takes.
 */
export function requireSupport(attack: Reach, { threat, goal, surrogate: given }: Task): void {
  const { id, threats, norms, goals, surrogate } = attack.metadata;
  const refuse = (asked: string, taken: readonly string[]): never => {
    throw new GauntletError(
      'THREAT_UNSUPPORTED',
      `${id} does not take ${asked}; it takes ${taken.join(', ')}.`,
    );
  };
  if (!threats.includes(threat.kind)) refuse(`the threat model "${threat.kind}"`, threats);
  if (threat.norm !== undefined && !norms.includes(threat.norm)) refuse(`the norm ${threat.norm}`, norms);
  if (!goals.includes(goal.kind)) refuse(`${goal.kind} goals`, goals);
  if (surrogate === true && given === undefined) {
    throw new GauntletError(
      'THREAT_UNSUPPORTED',
      `${id} takes its gradients from a surrogate model; none was named.`,
    );
  }
  // Ignoring it would call a white-box result a transfer.
  if (given !== undefined && surrogate !== true && surrogate !== 'optional') {
    throw new GauntletError('THREAT_UNSUPPORTED', `${id} takes no surrogate model.`);
  }
}

/**
 * Refuses attacks by gradient on a model that says it gives none, before anything is asked of it.
 * @throws GauntletError NO_GRADIENT
 */
export async function requireGradients(
  stages: readonly AttackStage[],
  { id, declared }: ModelReference,
  services: Pick<Services, 'attack'>,
): Promise<void> {
  if (declared?.gradients !== false) return;
  for (const stage of stages) {
    const { metadata } = await services.attack(stage.attack);
    if (metadata.access !== 'gradient' || stage.surrogate !== undefined) continue;
    throw new GauntletError('NO_GRADIENT', `${metadata.id} follows gradients, and ${id} gives none.`);
  }
}
