import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { count, providerOption, sourceOptions } from '../options.js';

const ACTIONS = ['train', 'verify'] as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('action', { choices: ACTIONS, describe: 'What to do', demandOption: true })
    .options({
      only: { type: 'string', describe: 'Of the models only these: an id or a glob', requiresArg: true },
      zoo: {
        type: 'string',
        describe: 'Folder with a folder for each model (default: the zoo that comes with Gauntlet)',
        requiresArg: true,
      },
      out: {
        type: 'string',
        describe: 'train: folder for the trained models (default: beside their recipes)',
        requiresArg: true,
      },
      work: {
        type: 'string',
        describe: 'train: folder for checkpoints and metrics (default: .gauntlet/train)',
        requiresArg: true,
      },
      minutes: {
        type: 'number',
        describe: 'train: stop after so long; the same command goes on from there',
        requiresArg: true,
      },
      provider: providerOption('train: where the engine runs (default: cpu)'),
      'allow-missing': {
        type: 'boolean',
        default: false,
        describe: 'Exit with 0 although data sets are not here',
      },
      threads: count('threads', 'Threads of the engine (default: one per core)'),
    })
    .options(sourceOptions)
    .example(
      '$0 zoo train --only "mnist-*" --minutes 50',
      'Train what is not trained yet, for an hour at most',
    )
    .example('$0 zoo verify --data-dir data', 'Are the figures on the cards those of the models?');

export const zooCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'zoo <action>',
  describe: 'Train the models of the zoo, or measure them again',
  builder,
  async handler(args) {
    const { runZooCommand } = await import('../zoo-command.js');
    await runZooCommand(args);
  },
});
