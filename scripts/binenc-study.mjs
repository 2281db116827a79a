#!/usr/bin/env node
/**
 * The BinEnc study, in pieces that can be interrupted and started again: `node scripts/binenc-study.mjs
 * <search|train|measure|build|status> [--only GLOB] [--minutes N] [--data-dir DIR] [--work DIR] [--records DIR] [--threads N]
 * [--jobs N] [--page FILE]`. `search` and `train` write a record of every training, `measure` one of every model, into results/binenc-study;
 * `build` makes study.json and docs/binenc-study.md of the records alone. Exits with 1 when something failed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../dist/src/results/atomic-file.js';
import { jsonText } from '../dist/src/results/json-text.js';
import { buildStudy } from '../dist/src/study/build.js';
import { measureStudy } from '../dist/src/study/measure-study.js';
import { studyPage } from '../dist/src/study/page/page.js';
import { binencPlan } from '../dist/src/study/plan.js';
import { readRecords } from '../dist/src/study/records.js';
import { renderStatus, renderStep } from '../dist/src/study/status.js';
import { trainStudy } from '../dist/src/study/train-study.js';

const root = join(import.meta.dirname, '..');
const string = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: string,
    minutes: string,
    'data-dir': string,
    work: { ...string, default: '.gauntlet/study' },
    records: { ...string, default: join(root, 'results/binenc-study') },
    page: { ...string, default: join(root, 'docs/binenc-study.md') },
    threads: string,
    jobs: string,
  },
});
const { only, records, work } = values;
const number = (name) => {
  if (values[name] === undefined) return undefined;
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a positive number, received ${values[name]}.`);
  return value;
};

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'])
  process.once(name, () => interrupted.abort(new Error('Interrupted; the same command goes on from here.')));
const [minutes, began] = [number('minutes'), performance.now()];
const options = {
  ...{ records, work, signal: interrupted.signal, onModel: (id) => console.error(id) },
  ...(only !== undefined && { only }),
  ...(values['data-dir'] !== undefined && { dataDir: values['data-dir'] }),
  ...(minutes !== undefined && { deadline: () => minutes - (performance.now() - began) / 60_000 }),
};

async function step(results) {
  console.log(renderStep(results));
  if (results.some(({ status }) => status === 'failed' || status === 'unavailable')) process.exitCode = 1;
}

const train = async (stage) =>
  step(
    await trainStudy(binencPlan, stage, {
      ...options,
      ...(values.threads !== undefined && { threads: number('threads') }),
      onEpoch: ({ epoch, validation }, { epochs, seconds }) => {
        if (epoch === 1 || epoch === epochs || epoch % 10 === 0)
          console.error(
            `  epoch ${epoch} of ${epochs}: ${validation.correct} of ${validation.n} right, ${seconds.toFixed(0)} s`,
          );
      },
    }),
  );

const study = async () => buildStudy(binencPlan, await readRecords(records));

const commands = {
  search: () => train('search'),
  train: () => train('train'),
  measure: async () =>
    step(
      await measureStudy(binencPlan, {
        ...options,
        ...(values.jobs !== undefined && { jobs: number('jobs') }),
        onProgress: (share, part) => share === 1 && console.error(`  ${part}`),
      }),
    ),
  build: async () => {
    const built = await study();
    await writeFileAtomic(join(records, 'study.json'), jsonText(built));
    await writeFileAtomic(values.page, studyPage(binencPlan, built));
    console.log(renderStatus(built));
  },
  status: async () => console.log(renderStatus(await study())),
};

const command = commands[positionals[0]];
if (command === undefined) throw new Error(`Give one of ${Object.keys(commands).join(', ')}.`);
await command();
