import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const USE = {
  attack: (path: string, id: string) =>
    `gauntlet attack MODEL --data mnist --plugin ${path} --attack ${id} --epsilon 0.1`,
  recipe: (path: string) => `gauntlet train RECIPE --plugin ${path}`,
} as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('kind', {
      choices: ['attack', 'composite', 'backbone', 'head'] as const,
      describe: 'What to write',
      demandOption: true,
    })
    .positional('name', { type: 'string', describe: 'Its id, in kebab case', demandOption: true })
    .option('dir', { type: 'string', default: '.', describe: 'Folder to write into', requiresArg: true })
    .example('$0 new attack my-attack', 'Write my-attack.mjs and my-attack.test.mjs here')
    .example('$0 new attack my-attack --dir plugins', 'Write them into plugins/')
    .example('$0 new composite my-cascade', 'Write a plan of several attacks')
    .example('$0 new backbone my-net', 'Write a network that training recipes may name');

export const newCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'new <kind> <name>',
  describe: 'Write a plugin and its test to start from',
  builder,
  async handler(args) {
    const [{ GauntletError }, plain, architectures, { writeNewFiles }, { printResult }] = await Promise.all([
      import('../../errors.js'),
      import('../templates.js'),
      import('../architecture-templates.js'),
      import('../write-new-files.js'),
      import('../output.js'),
    ]);
    if (!KEBAB_CASE.test(args.name)) {
      throw new GauntletError(
        'USAGE',
        `The name must be in kebab case, such as my-attack; received "${args.name}".`,
      );
    }
    const { template, use } = {
      attack: { template: plain.attackTemplate, use: USE.attack },
      composite: { template: plain.compositeTemplate, use: USE.attack },
      backbone: { template: architectures.backboneTemplate, use: USE.recipe },
      head: { template: architectures.headTemplate, use: USE.recipe },
    }[args.kind];
    const written = writeNewFiles(args.dir, template(args.name));
    const plugin = written[0]!;
    printResult(args.json, { written }, () =>
      [
        ...written.map((path) => `wrote ${path}`),
        '',
        `test it:  node --test ${written[1]!}`,
        `use it:   ${use(plugin, args.name)}`,
      ].join('\n'),
    );
  },
});
