import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('runs', { type: 'string', array: true, describe: 'Run folders', demandOption: true })
    .option('out', { type: 'string', describe: 'Write the leaderboard to this file too', requiresArg: true })
    .example('$0 leaderboard runs/quick-1a2b3c4d', 'Print the leaderboard of a run')
    .example(
      '$0 leaderboard runs/a runs/b --out all.json',
      'One leaderboard from runs that measured the same way',
    );

export const leaderboardCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'leaderboard <runs..>',
  describe: 'Print the leaderboard of one or more runs',
  builder,
  async handler(args) {
    const [{ leaderboardOfRuns }, { renderLeaderboard }, { writeLeaderboardFile }, { display, printResult }] =
      await Promise.all([
        import('../../api/leaderboard-of-runs.js'),
        import('../../leaderboard/render.js'),
        import('../../results/store.js'),
        import('../output.js'),
      ]);
    const leaderboard = await leaderboardOfRuns(args.runs);
    if (args.out !== undefined) await writeLeaderboardFile(args.out, leaderboard);
    printResult(args.json, leaderboard, () => renderLeaderboard(leaderboard, display()));
  },
});
