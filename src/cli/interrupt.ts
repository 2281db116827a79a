import { EXIT } from '../errors.js';
import { createProgress, type Progress } from './progress.js';

/** Thrown by a command that stopped because the user asked for it; finished work has been kept. */
export class Interrupted extends Error {
  readonly exitCode = EXIT.interrupted;

  constructor() {
    super('Interrupted; what was finished is kept, and the same command goes on from there.');
    this.name = 'Interrupted';
  }
}

/**
 * Does long work with progress on stderr. The first Ctrl-C (or SIGTERM) aborts the signal, a second one ends the process in the
 * usual way.
 */
export async function interruptible<T>(
  work: (watch: { readonly signal: AbortSignal; readonly progress: Progress }) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Interrupted());
  const progress = createProgress();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  try {
    return await work({ signal: controller.signal, progress });
  } finally {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
    progress.close();
  }
}
