import type { AttackMetadata, ParameterSchema, ParametersOf } from './attack.js';
import type { GoalSpec, ThreatSpec } from './threat.js';

/** One attack of a composite. */
export interface CompositeStage {
  /** Id of a registered attack. */
  readonly attack: string;
  /** Those that differ from the attack's defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a composite is planned for. */
export interface CompositeSetting {
  readonly threat: ThreatSpec;
  readonly goal: GoalSpec;
}

export interface CompositeMetadata extends Pick<
  AttackMetadata<never>,
  'id' | 'title' | 'summary' | 'paper' | 'version' | 'apiVersion' | 'threats' | 'norms' | 'goals'
> {
  /** Parameter whose value stands beside the title in headings: `AutoAttack (standard)`. */
  readonly variant?: string;
}

/**
 * Attacks run one after the other, each on what the ones before left robust, under one name: AutoAttack and its like. A composite
 * runs nothing itself; it is a plan, and stands wherever an attack may be named.
 */
export interface CompositePlugin<S extends ParameterSchema = ParameterSchema> {
  readonly kind: 'composite';
  readonly metadata: CompositeMetadata;
  readonly parameters: S;
  /**
   * The stages in their order: a pure function. Stages whose attack does not take the threat, norm or goal are left out.
   * @throws GauntletError PARAMETER_INVALID for parameters that do not go together
   */
  readonly stages: (parameters: ParametersOf<S>, setting: CompositeSetting) => readonly CompositeStage[];
}
