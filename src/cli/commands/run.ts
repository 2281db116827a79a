import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import {
  corruptionOptions,
  engineOptions,
  executionOptions,
  gradientOptions,
  ownModelOptions,
  sampleOptions,
  sourceOptions,
} from '../options.js';

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;
const list = (describe: string) => ({ ...text(describe), array: true }) as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('suite', { type: 'string', describe: 'Built-in suite or suite file', demandOption: true })
    .options({
      data: text('Other data than the suite’s: a data set id or a path'),
      models: list(
        'Other models than the suite’s: zoo ids, globs, ONNX files, TensorFlow.js’s model.json, URLs or modules',
      ),
      entries: list('Only these entries of the suite'),
      ...corruptionOptions,
      archive: text(
        'Read corrupted images from this archive (a folder, or an id such as cifar10-c) instead of making them',
      ),
      ...sampleOptions,
      ...gradientOptions,
      out: text('Run folder (default: runs/<suite>-<fingerprint>)'),
      resume: {
        type: 'boolean',
        default: true,
        describe: 'Go on from finished cells; --no-resume starts anew',
      },
      leaderboard: text('Write the leaderboard to this file too'),
      ...ownModelOptions,
      ...executionOptions,
      ...engineOptions,
      ...sourceOptions,
    })
    .example('$0 run quick', 'Four models, three attacks, three corruptions on 1,000 digits')
    .example(
      '$0 run quick --models my-model.onnx --examples 200',
      'The same for another model, on fewer digits',
    );

export const runCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'run <suite>',
  describe: 'Run a suite and print its leaderboard',
  builder,
  async handler(args) {
    const { runRunCommand } = await import('../run-command.js');
    await runRunCommand(args);
  },
});
