import pc from 'picocolors';
import { EXIT, GauntletError, messageOf } from '../errors.js';
import { Interrupted } from './interrupt.js';

/** Where the catalogue of errors is explained. */
const ERRORS_PAGE = 'docs/errors.md';

/** What is printed about an error on stderr, and the exit code that goes with it. */
export interface ErrorReport {
  readonly text: string;
  readonly exitCode: number;
}

function asGauntletError(error: unknown): GauntletError {
  if (error instanceof GauntletError) return error;
  return new GauntletError('INTERNAL', messageOf(error), { cause: error });
}

/**
 * Says what went wrong: code and sentence, what to do next, where to read more; the stack only when asked for.
 */
export function describeError(error: unknown, debug: boolean): ErrorReport {
  if (error instanceof Interrupted) return { text: pc.yellow(error.message), exitCode: EXIT.interrupted };
  const known = asGauntletError(error);
  const lines = [
    `${pc.red('error')} ${pc.bold(known.code)}: ${known.message}`,
    `  ${pc.dim('help:')} ${known.help}`,
    `  ${pc.dim('docs:')} ${ERRORS_PAGE}#${known.code.toLowerCase()}`,
  ];
  if (debug) lines.push('', stackOf(known));
  return { text: lines.join('\n'), exitCode: known.exitCode };
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
