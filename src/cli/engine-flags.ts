import type { BACKENDS, EngineChoice, EngineName } from '../engine/choice.js';
import { GauntletError } from '../errors.js';
import type { Progress } from './progress.js';

/** Arguments that say which engine computes, as `engineOptions` declares them. */
export interface EngineArguments {
  readonly engine?: EngineName | undefined;
  readonly backend?: (typeof BACKENDS)[number] | undefined;
}

/** The same of a command that verifies on another engine. */
export interface VerifyArguments extends EngineArguments {
  readonly 'verify-engine'?: EngineName | undefined;
}

const choose = (engine: EngineName, backend: EngineArguments['backend']): EngineChoice =>
  engine === 'native' ? { engine } : { engine, ...(backend === undefined ? {} : { backend }) };

/**
 * The engine a command line names.
 * @throws GauntletError USAGE for a backend of an engine that has none
 */
export function engineOf(args: VerifyArguments): EngineChoice {
  const { engine = 'native', backend } = args;
  if (backend !== undefined && engine === 'native' && args['verify-engine'] !== 'tfjs')
    throw new GauntletError('USAGE', '--backend names a backend of TensorFlow.js.', {
      help: 'Give --engine tfjs with it.',
    });
  return choose(engine, backend);
}

/**
 * The engine to verify on; undefined when there is to be none.
 * @throws GauntletError USAGE for the engine that runs the attack itself
 */
export function verifyEngineOf(args: VerifyArguments): EngineChoice | undefined {
  const other = args['verify-engine'];
  if (other === undefined) return undefined;
  if (other === (args.engine ?? 'native'))
    throw new GauntletError('USAGE', `--verify-engine ${other} is the engine that runs the attack.`, {
      help: `Give --verify-engine ${other === 'native' ? 'tfjs' : 'native'}, or another --engine.`,
    });
  return choose(other, args.backend);
}

/** Says once of everything the engine lacks that it is computed elsewhere. */
export class BorrowedNotes {
  private readonly told = new Set<string>();

  tell(kernels: readonly string[], progress: Progress): void {
    const fresh = kernels.filter((kernel) => !this.told.has(kernel));
    if (fresh.length === 0) return;
    for (const kernel of fresh) this.told.add(kernel);
    progress.note(`the backend lacks ${fresh.join(', ')}: plain JavaScript computes that`);
  }
}
