import type { AttackPlugin } from '../attack.js';
import { messageOf } from '../../errors.js';
import { resolveParameters } from '../parameters.js';
import { checkPlugin } from '../validate.js';
import { CHECKS } from './checks.js';
import { LINEAR_CHECKS } from './linear.js';
import { situationsOf } from './situation.js';

/** One rule of the contract, to be run by any test runner. */
export interface ContractCheck {
  /** E.g. `pgd stays in the threat set (lp linf, untargeted)`. */
  readonly name: string;
  /** Rejects when the rule is broken, with the reason. */
  readonly run: () => Promise<void>;
}

export interface ContractOptions {
  /** Parameters to run with, where the defaults would take too long; the other ones keep their defaults. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * The rules every attack keeps, as named checks: a few about the plugin itself, then each rule in each combination of
 * threat model and goal its metadata name. The checks run the attack on tiny networks in plain TypeScript and need neither
 * data nor an engine.
 *
 *     for (const check of attackContract(attack)) test(check.name, () => check.run());
 *
 * An attack whose metadata are not complete gets the one check that says so.
 */
export function attackContract(attack: unknown, options: ContractOptions = {}): ContractCheck[] {
  const problem = metadataProblem(attack);
  const id = (attack as { metadata?: { id?: string } } | null)?.metadata?.id ?? 'the plugin';
  const complete: ContractCheck = {
    name: `${id} has complete metadata and parameters`,
    run: () => (problem === null ? Promise.resolve() : Promise.reject(new Error(problem))),
  };
  if (problem !== null) return [complete];

  const plugin = attack as AttackPlugin;
  const parameters = resolveParameters(plugin.parameters, options.parameters ?? {}, id);
  const checks = situationsOf(plugin.metadata).flatMap((situation) => {
    const subject = { attack: plugin, situation, parameters };
    return [...CHECKS, ...LINEAR_CHECKS]
      .filter(({ appliesTo }) => appliesTo === undefined || appliesTo(subject))
      .map(({ name, run }) => ({ name: `${id} ${name} (${situation.name})`, run: () => run(subject) }));
  });
  return [complete, ...checks];
}

function metadataProblem(attack: unknown): string | null {
  try {
    checkPlugin(attack);
    return attack.kind === 'attack' ? null : `it is a ${attack.kind}, not an attack`;
  } catch (error) {
    return messageOf(error);
  }
}
