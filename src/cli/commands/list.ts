import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { sourceOptions } from '../options.js';

const KINDS = ['attacks', 'corruptions', 'losses', 'architectures', 'models', 'suites', 'data'] as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('kind', { choices: KINDS, describe: 'What to list (default: everything)' })
    .options(sourceOptions)
    .example('$0 list attacks', 'Attacks by access, threat models and kind')
    .example('$0 list --json', 'Everything, for a machine');

export const listCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'list [kind]',
  describe: 'List attacks, corruptions, losses, architectures, models, suites or data sets',
  builder,
  async handler(args) {
    const [{ inventories }, { printResult }, { renderInventory }, { configOf, dataDirOf, pluginsOf }] =
      await Promise.all([
        import('../inventory.js'),
        import('../output.js'),
        import('../render/inventory.js'),
        import('../sources.js'),
      ]);
    const config = await configOf(args);
    const dataDir = await dataDirOf(args, config);
    const kinds = args.kind === undefined ? KINDS : [args.kind];
    const found = await inventories(kinds, { plugins: pluginsOf(args, config), dataDir });
    printResult(args.json, found, () =>
      kinds.map((kind) => renderInventory(kind, found[kind] ?? [])).join('\n\n'),
    );
  },
});
