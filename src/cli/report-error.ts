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

/** yargs throws plain errors of this name for everything wrong with the command line. */
const isUsageError = (error: unknown): error is Error => error instanceof Error && error.name === 'YError';

function asGauntletError(error: unknown, commandLine: string): GauntletError {
  if (error instanceof GauntletError) return error;
  if (isUsageError(error)) {
    return new GauntletError('USAGE', error.message, {
      help: `See \`${commandLine} --help\`.`,
      cause: error,
    });
  }
  return new GauntletError('INTERNAL', messageOf(error), { cause: error });
}

/**
 * Says what went wrong: code and sentence, what to do next, where to read more; the stack only when asked for.
 * @param commandLine the command as far as it was understood, e.g. `gauntlet attack`
 */
export function describeError(error: unknown, commandLine: string, debug: boolean): ErrorReport {
  if (error instanceof Interrupted) return { text: pc.yellow(error.message), exitCode: EXIT.interrupted };
  const known = asGauntletError(error, commandLine);
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
