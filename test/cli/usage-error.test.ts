import { describe, expect, it } from '@jest/globals';
import { asUsageError, usageError } from '../../src/cli/usage-error.js';

const known = { commandNames: ['run', 'attack', 'leaderboard'], options: ['examples', 'epsilon'] };
const messageOf = (message: string, ...args: string[]) => usageError(message, args, known).message;

describe('a usage error', () => {
  it('names the command that was probably meant', () => {
    expect(messageOf('Did you mean run?', 'rnu')).toBe('There is no command "rnu"; did you mean "run"?');
    expect(messageOf('Unknown argument: fly', 'fly')).toBe('There is no command "fly".');
  });

  it('names the option that was probably meant', () => {
    expect(messageOf('Unknown argument: exmples', 'run', 'quick')).toBe(
      'There is no option or argument "exmples"; did you mean "examples"?',
    );
  });

  it('names every unknown option', () => {
    expect(messageOf('Unknown arguments: epsilno, zzz', 'run')).toBe(
      'There is no option or argument "epsilno"; did you mean "epsilon"? There is no option or argument "zzz".',
    );
  });

  it('otherwise says what yargs says, and points at the command’s help', () => {
    const error = usageError('Not enough arguments following: out', ['run', '--out'], known);
    expect(error).toMatchObject({
      code: 'GAUNTLET_E_USAGE',
      message: 'Not enough arguments following: out.',
      exitCode: 2,
    });
    expect(error.help).toBe('See `gauntlet run --help`.');
  });
});

describe('what yargs gives up on', () => {
  const complaint = Object.assign(new Error('--examples must be a whole number.'), { name: 'YError' });

  it('becomes a usage error when it is a complaint of its own', () => {
    expect(asUsageError(null, complaint, ['run'], known)).toMatchObject({ code: 'GAUNTLET_E_USAGE' });
    expect(asUsageError('Not enough arguments', undefined, ['run'], known)).toMatchObject({ exitCode: 2 });
  });

  it('stays what it is when a handler threw it', () => {
    const thrown = new TypeError('x is undefined');
    expect(asUsageError(null, thrown, ['run'], known)).toBe(thrown);
  });
});
