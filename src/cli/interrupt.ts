import { EXIT } from '../errors.js';

/** Thrown by a command that stopped because the user asked for it; finished work has been kept. */
export class Interrupted extends Error {
  readonly exitCode = EXIT.interrupted;

  constructor() {
    super('Interrupted; what was finished is kept, and the same command goes on from there.');
    this.name = 'Interrupted';
  }
}

/**
 * Turns the first Ctrl-C (or SIGTERM) into an abort signal; a second one ends the process in the usual way. Call
 * `release` when the work is over.
 */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(new Interrupted());
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}
