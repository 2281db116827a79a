import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('runs', { type: 'string', array: true, describe: 'Run folders', demandOption: true })
    .option('out', { type: 'string', describe: 'Write the leaderboard to this file too', requiresArg: true })
    .option('baseline', {
      type: 'string',
      describe: 'Divide corruption errors by those of this model of the runs, or of alexnet (ImageNet-C)',
      requiresArg: true,
    })
    .option('grid', {
      type: 'string',
      describe: 'Print the grid corruption x severity of this model instead of the table',
      requiresArg: true,
    })
    .example('$0 leaderboard runs/quick-1a2b3c4d', 'Print the leaderboard of a run')
    .example(
      '$0 leaderboard runs/a runs/b --out all.json',
      'One leaderboard from runs that measured the same way',
    )
    .example(
      '$0 leaderboard runs/a --baseline mnist-mlp-nopen --grid mnist-mlp-binenc',
      'How one model does under each corruption and severity, against another',
    );

export const leaderboardCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'leaderboard <runs..>',
  describe: 'Print the leaderboard of one or more runs',
  builder,
  async handler(args) {
    const [
      { leaderboardOfRuns },
      { renderLeaderboard },
      { renderGrid },
      { writeLeaderboardFile },
      { display, printResult },
    ] = await Promise.all([
      import('../../api/leaderboard-of-runs.js'),
      import('../../leaderboard/render.js'),
      import('../../leaderboard/render-grid.js'),
      import('../../results/store.js'),
      import('../output.js'),
    ]);
    const { baseline, grid } = args;
    const leaderboard = await leaderboardOfRuns(args.runs, baseline === undefined ? {} : { baseline });
    const render = () =>
      grid === undefined
        ? renderLeaderboard(leaderboard, display())
        : renderGrid(leaderboard, grid, display());
    if (args.out !== undefined) await writeLeaderboardFile(args.out, leaderboard);
    printResult(args.json, leaderboard, render);
  },
});
