import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('kind', {
      choices: ['attack', 'composite'] as const,
      describe: 'What to write',
      demandOption: true,
    })
    .positional('name', { type: 'string', describe: 'Its id, in kebab case', demandOption: true })
    .option('dir', { type: 'string', default: '.', describe: 'Folder to write into', requiresArg: true })
    .example('$0 new attack my-attack', 'Write my-attack.mjs and my-attack.test.mjs here')
    .example('$0 new attack my-attack --dir plugins', 'Write them into plugins/')
    .example('$0 new composite my-cascade', 'Write a plan of several attacks');

export const newCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'new <kind> <name>',
  describe: 'Write a plugin and its test to start from',
  builder,
  async handler(args) {
    const [{ GauntletError }, templates, { writeNewFiles }, { printResult }] = await Promise.all([
      import('../../errors.js'),
      import('../templates.js'),
      import('../write-new-files.js'),
      import('../output.js'),
    ]);
    if (!KEBAB_CASE.test(args.name)) {
      throw new GauntletError(
        'USAGE',
        `The name must be in kebab case, such as my-attack; received "${args.name}".`,
      );
    }
    const template = { attack: templates.attackTemplate, composite: templates.compositeTemplate }[args.kind];
    const written = writeNewFiles(args.dir, template(args.name));
    const plugin = written[0]!;
    printResult(args.json, { written }, () =>
      [
        ...written.map((path) => `wrote ${path}`),
        '',
        `test it:  node --test ${written[1]!}`,
        `use it:   gauntlet attack MODEL --data mnist --plugin ${plugin} --attack ${args.name} --epsilon 0.1`,
      ].join('\n'),
    );
  },
});
