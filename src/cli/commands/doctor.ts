import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { sourceOptions } from '../options.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .option('data-dir', sourceOptions['data-dir'])
    .example('$0 doctor', 'Check the engine, data sets, memory and speed of this machine')
    .example('$0 doctor --json', 'The same for a bug report');

export const doctorCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'doctor',
  describe: 'Check that this machine can run Gauntlet, and how fast',
  builder,
  async handler(args) {
    const [{ runDoctor }, { printResult }, { renderDoctor }, { EXIT }] = await Promise.all([
      import('../doctor-checks.js'),
      import('../output.js'),
      import('../render/doctor.js'),
      import('../../errors.js'),
    ]);
    const dataDir = args['data-dir'];
    const checks = await runDoctor({ cwd: process.cwd(), ...(dataDir === undefined ? {} : { dataDir }) });
    const healthy = checks.every((check) => check.status !== 'failed');
    printResult(args.json, { schemaVersion: 1, kind: 'doctor', healthy, checks }, () => renderDoctor(checks));
    if (!healthy) process.exitCode = EXIT.runFailed;
  },
});
