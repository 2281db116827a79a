#!/usr/bin/env node
import yargs from 'yargs';
import type { Argv, CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { attackCommand } from './commands/attack.js';
import { benchCommand } from './commands/bench.js';
import { corruptCommand } from './commands/corrupt.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { gateCommand } from './commands/gate.js';
import { inspectCommand } from './commands/inspect.js';
import { latentCommand } from './commands/latent.js';
import { leaderboardCommand } from './commands/leaderboard.js';
import { listCommand } from './commands/list.js';
import { newCommand } from './commands/new.js';
import { replayCommand } from './commands/replay.js';
import { runCommand } from './commands/run.js';
import { trainCommand } from './commands/train.js';
import { validateCommand } from './commands/validate.js';
import { zooCommand } from './commands/zoo.js';
import { packageVersion } from '../resources.js';
import { GauntletError } from '../errors.js';
import { describeError } from './report-error.js';
import { asUsageError } from './usage-error.js';

/** Every command; its module imports what it needs only when it runs, so that `--help` loads no engine. */
const COMMANDS = [
  runCommand,
  attackCommand,
  corruptCommand,
  trainCommand,
  zooCommand,
  gateCommand,
  leaderboardCommand,
  listCommand,
  dataCommand,
  validateCommand,
  inspectCommand,
  exportCommand,
  latentCommand,
  replayCommand,
  newCommand,
  benchCommand,
  doctorCommand,
];

const commandNames = COMMANDS.map(({ command }) => command.split(' ')[0]!);

const EXIT_CODES = [
  'Exit codes: 0 ok, 1 gate failed, 2 wrong usage or configuration,',
  '            3 run failed (finished cells are kept), 130 interrupted',
].join('\n');

async function main(args: readonly string[]): Promise<void> {
  const parser: Argv = yargs([...args])
    .scriptName('gauntlet')
    .locale('en')
    .usage('$0 <command>\n\nMeasures how robust an image classifier really is.')
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print the result as JSON on stdout',
      global: true,
    })
    .option('debug', {
      type: 'boolean',
      default: false,
      describe: 'Print the stack of an error',
      global: true,
    })
    .option('color', {
      type: 'boolean',
      describe: 'Colours; --no-color or NO_COLOR turns them off',
      global: true,
    })
    .command(COMMANDS as unknown as CommandModule[])
    .completion('completion', 'Print a completion script for bash or zsh')
    .example('$0 run quick', 'Attack and corrupt four models of the zoo, print a leaderboard')
    .example('$0 attack my-model.onnx --data my-images.npz', 'Attack your own model')
    .demandCommand(1, 'Give a command.')
    .recommendCommands()
    .strict()
    .version(packageVersion)
    .epilogue(EXIT_CODES)
    .wrap(Math.min(process.stdout.columns || 100, 110))
    .exitProcess(false)
    .middleware((given) => requireOnce(given, parser))
    .fail((message: string | null, error: unknown) => {
      throw asUsageError(message, error, args, {
        commandNames,
        options: Object.keys(knownOptions(parser).key),
      });
    });
  await parser.parseAsync();
}

interface KnownOptions {
  readonly key: object;
  /** Names of options that take several values. */
  readonly array: readonly string[];
}

/** What yargs knows of the options of the command being parsed; its types keep silent about it. */
function knownOptions(parser: object): KnownOptions {
  const { getOptions } = parser as { getOptions?: (this: object) => KnownOptions };
  return getOptions?.call(parser) ?? { key: {}, array: [] };
}

/** An option that takes one value and was given twice would arrive as a list. */
function requireOnce(given: Readonly<Record<string, unknown>>, parser: object): void {
  const { key, array } = knownOptions(parser);
  const twice = Object.keys(key).find((name) => Array.isArray(given[name]) && !array.includes(name));
  if (twice !== undefined) throw new GauntletError('USAGE', `--${twice} was given more than once.`);
}

// A reader that closes the pipe early (`gauntlet list | head -1`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const args = hideBin(process.argv);
try {
  await main(args);
} catch (error) {
  // A command with an asynchronous builder lets complaints of yargs past its `fail`.
  const known = asUsageError(null, error, args, { commandNames, options: [] });
  const report = describeError(known, args.includes('--debug'));
  process.stderr.write(`${report.text}\n`);
  process.exitCode = report.exitCode;
}
