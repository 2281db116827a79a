import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cli, scratchFolder } from './cli.js';

const COMMANDS =
  'run attack corrupt train zoo gate leaderboard list data validate inspect replay new bench doctor completion'.split(
    ' ',
  );

describe('help', () => {
  it('names every command and the exit codes', async () => {
    const { status, stdout, stderr } = await cli(['--help']);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  gauntlet ${command}\\b`, 'm'));
    expect(stdout).toContain('130 interrupted');
  });

  it.each(COMMANDS.filter((command) => command !== 'completion'))(
    'of %s has a sentence, described options and two examples',
    async (command) => {
      const { status, stdout } = await cli([command, '--help']);
      expect(status).toBe(0);
      const examples = stdout.slice(stdout.indexOf('Examples:'));
      expect(examples.match(/^ {2}gauntlet /gm)?.length).toBeGreaterThanOrEqual(2);
      expect(stdout).toMatch(/--json +Print the result as JSON/);
    },
  );

  it('of an attack shows its parameters with range and default', async () => {
    const { stdout } = await cli(['attack', '--attack', 'pgd', '--help']);
    expect(stdout).toMatch(/Parameters of pgd:\n(.*\n)*? +--step-size /);
    expect(stdout).toMatch(/--random-start .*\n?.*\[default: true\]/);
    const fgsm = await cli(['attack', '--attack=fgsm', '--help']);
    expect(fgsm.stdout).toContain('Parameters of fgsm:');
    expect(fgsm.stdout).not.toContain('--step-size');
  });

  it('gives the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await cli(['--version'])).stdout.trim()).toBe(version);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['rnu'], 'There is no command "rnu"; did you mean "run"?'],
    ['no command', [], 'Give a command.'],
    ['an unknown option', ['run', 'quick', '--exmples', '3'], '"exmples"; did you mean "examples"?'],
    [
      'an unknown attack parameter',
      ['attack', 'm', '--attack', 'pgd', '--stps', '3'],
      '"stps"; did you mean "steps"?',
    ],
    ['a missing argument', ['run'], 'Not enough non-option arguments'],
    ['a number that is none', ['attack', 'm', '--examples', 'x'], '--examples must be a whole number'],
    [
      'an option given twice',
      ['attack', 'm', '--epsilon', '1', '--epsilon', '2'],
      '--epsilon was given more than once',
    ],
    ['a value that is not a choice', ['attack', 'm', '--norm', 'l3'], 'Choices: "linf", "l2", "l1", "l0"'],
  ])('%s: exit code 2, the reason on stderr, nothing on stdout', async (_what, args, message) => {
    const { status, stdout, stderr } = await cli(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error GAUNTLET_E_USAGE: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('shows a stack with --debug', async () => {
    expect((await cli(['rnu', '--debug'])).stderr).toMatch(/^ +at /m);
  });
});

describe('listing', () => {
  it('prints one JSON document with everything', async () => {
    const { status, stdout } = await cli(['list', '--json']);
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as Record<string, { id: string }[]>;
    expect(found['attacks']?.map(({ id }) => id)).toEqual(expect.arrayContaining(['fgsm', 'pgd']));
    expect(found['suites']?.map(({ id }) => id)).toContain('quick');
    expect(found['data']?.map(({ id }) => id)).toContain('mnist');
  });
});

describe('a new attack', () => {
  it('is written with its test, and never over an existing file', async () => {
    const folder = scratchFolder();
    const first = await cli(['new', 'attack', 'my-attack', '--json'], { cwd: folder.path });
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({ written: ['my-attack.mjs', 'my-attack.test.mjs'] });
    const second = await cli(['new', 'attack', 'my-attack'], { cwd: folder.path });
    folder.remove();
    expect(second.status).toBe(2);
    expect(second.stderr).toContain('GAUNTLET_E_FILE_EXISTS');
  });
});
