import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { sourceOptions } from '../options.js';

const ACTIONS = ['list', 'verify', 'pull'] as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('action', { choices: ACTIONS, describe: 'What to do', demandOption: true })
    .positional('ids', {
      type: 'string',
      array: true,
      describe: 'Data sets or archives of corrupted images (verify: all that are here by default)',
    })
    .options({
      mirror: {
        type: 'string',
        describe: 'Server to pull from, as URL/<id>/<file> (else GAUNTLET_MIRROR, configuration)',
        requiresArg: true,
      },
      unverified: {
        type: 'boolean',
        default: false,
        describe: 'Pull files even where no hash of them is known',
      },
      'keep-packed': {
        type: 'boolean',
        default: false,
        describe: 'Keep the archive that was unpacked',
      },
    })
    .option('data-dir', sourceOptions['data-dir'])
    .option('config', sourceOptions.config)
    .example('$0 data list', 'What there is, where it is, how large it is')
    .example('$0 data pull cifar10 --data-dir data', 'Download, check, unpack; resume')
    .example('$0 data verify mnist', 'Are these the genuine files?');

export const dataCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'data <action> [ids..]',
  describe: 'List, verify or download data sets',
  builder,
  async handler(args) {
    const { runDataCommand } = await import('../data-command.js');
    await runDataCommand(args);
  },
});
