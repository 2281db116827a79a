import type { Access } from '../classifier/classifier.js';
import type { BackbonePlugin, BackboneSchema, HeadPlugin } from '../models/architectures/define.js';
import type { AttackPlugin, ParameterSchema } from './attack.js';
import type { CompositePlugin } from './composite.js';
import type { CorruptionPlugin } from './corruption.js';
import type { LossPlugin } from './loss.js';
import { checkPlugin } from './validate.js';

/**
 * Defines an attack. The types of `parameters` follow from the schema, and the classifier `run` receives from
 * `metadata.access`: an attack with access `scores` does not compile when it asks for a gradient.
 *
 * @returns its argument
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API.
 */
export function defineAttack<const S extends ParameterSchema, const A extends Access, State = unknown>(
  attack: AttackPlugin<S, A, State>,
): AttackPlugin<S, A, State> {
  checkPlugin(attack);
  return attack;
}

/**
 * Defines a composite: the types of `stages` follow from the schema.
 *
 * @returns its argument
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API.
 */
export function defineComposite<const S extends ParameterSchema>(
  composite: CompositePlugin<S>,
): CompositePlugin<S> {
  checkPlugin(composite);
  return composite;
}

/**
 * Defines a corruption: the types of `severities`, `sample` and `apply` follow from the schema.
 *
 * @returns its argument
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API.
 */
export function defineCorruption<const S extends ParameterSchema, Drawn>(
  corruption: CorruptionPlugin<S, Drawn>,
): CorruptionPlugin<S, Drawn> {
  checkPlugin(corruption);
  return corruption;
}

/**
 * Defines a loss.
 *
 * @returns its argument
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API.
 */
export function defineLoss(loss: LossPlugin): LossPlugin {
  checkPlugin(loss);
  return loss;
}

/**
 * Defines an architecture, a backbone or a head as `part` says, that training recipes may name. The types of a backbone's
 * parameters follow from its schema.
 *
 * @returns its argument
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API.
 */
export function defineArchitecture<const S extends BackboneSchema>(
  backbone: BackbonePlugin<S>,
): BackbonePlugin<S>;
export function defineArchitecture(head: HeadPlugin): HeadPlugin;
export function defineArchitecture(architecture: unknown): unknown {
  checkPlugin(architecture);
  return architecture;
}
