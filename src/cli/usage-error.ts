import { GauntletError, messageOf } from '../errors.js';
import { didYouMean } from '../text/suggest.js';
import { flagName } from './attack-flags.js';

/** What the command line could have said. */
interface Vocabulary {
  readonly commandNames: readonly string[];
  readonly options: readonly string[];
}

/**
 * What to throw when yargs gives up: its own complaints become usage errors, everything else stays what it is.
 * @param message of yargs; null when something was thrown
 */
export function asUsageError(
  message: string | null,
  error: unknown,
  args: readonly string[],
  known: Vocabulary,
): unknown {
  const isOwn = error === undefined || (error instanceof Error && error.name === 'YError');
  return isOwn ? usageError(message ?? messageOf(error), args, known) : error;
}

/**
 * The error for a command line that yargs refused, with a suggestion where a slip is likely.
 * @param message as yargs words it
 * @param args the command line
 */
export function usageError(message: string, args: readonly string[], known: Vocabulary): GauntletError {
  const [command] = args;
  const isCommand = command !== undefined && known.commandNames.includes(command);
  const help = `See \`gauntlet${isCommand ? ` ${command}` : ''} --help\`.`;
  if (!isCommand && command !== undefined && !command.startsWith('-')) {
    const text = `There is no command "${command}"${didYouMean(command, known.commandNames)}`;
    return new GauntletError('USAGE', ending(text), { help });
  }
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ');
  if (unknown === undefined) return new GauntletError('USAGE', ending(message), { help });
  // yargs reports `--no-random-strat` in both spellings.
  const names = [...new Set(unknown.map(flagName))];
  const text = names.map(
    (name) => `There is no option or argument "${name}"${didYouMean(name, known.options)}`,
  );
  return new GauntletError('USAGE', text.map(ending).join(' '), { help });
}

const ending = (text: string) => (/[.?]$/.test(text) ? text : `${text}.`);
