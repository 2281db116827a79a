import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { sourceOptions } from '../options.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('file', {
      type: 'string',
      describe: 'Suite, recipe, model, card, cell, leaderboard or thresholds',
      demandOption: true,
    })
    .option('plugin', sourceOptions.plugin)
    .option('config', sourceOptions.config)
    .example('$0 validate my-suite.yaml', 'Is the suite well-formed? If not, which line is wrong?')
    .example('$0 validate runs/quick-1a2b3c4d/leaderboard.json', 'Does the result match its schema?');

export const validateCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'validate <file>',
  describe: 'Say what kind of file it is and whether it is right',
  builder,
  async handler(args) {
    const [{ validateFile }, { printResult }, { architecturesFrom, configOf }] = await Promise.all([
      import('../validate-file.js'),
      import('../output.js'),
      import('../sources.js'),
    ]);
    const architectures = async () => architecturesFrom(args, await configOf(args));
    const { kind, description } = await validateFile(args.file, architectures);
    const result = {
      schemaVersion: 1,
      kind: 'validation',
      file: args.file,
      fileKind: kind,
      ok: true,
      description,
    };
    printResult(args.json, result, () => `ok: ${args.file} is a ${kind}: ${description}`);
  },
});
