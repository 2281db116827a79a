import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { corruptionOptions, executionOptions, sampleOptions, sourceOptions } from '../options.js';

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .options({
      suite: { ...text('Built-in suite or suite file'), demandOption: true },
      out: { ...text('Folder of the archive'), demandOption: true },
      data: text('Other data than the suite’s: a data set id or a path'),
      ...corruptionOptions,
      ...sampleOptions,
      examples: { ...sampleOptions.examples, describe: 'Corrupt only this many images' },
      resume: {
        type: 'boolean',
        default: true,
        describe: 'Keep finished files; --no-resume makes all of them anew',
      },
      jobs: executionOptions.jobs,
      executor: executionOptions.executor,
      ...sourceOptions,
    })
    .example(
      '$0 corrupt --suite quick --out mnist-corrupted --examples 100',
      'Three corruptions of 100 digits',
    )
    .example(
      '$0 corrupt --suite quick --corruptions "gaussian_*" --severities 1,3,5 --out noisy',
      'Some of them; the rest can be added later',
    );

export const corruptCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'corrupt',
  describe: 'Write the corrupted images of a suite as an archive in the official layout',
  builder,
  async handler(args) {
    const { runCorruptCommand } = await import('../corrupt-command.js');
    await runCorruptCommand(args);
  },
});
