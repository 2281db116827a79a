#!/usr/bin/env node
/**
 * AutoAttack and the cascade beside the robust accuracies of the original AutoAttack, row by row: a model and a budget of the
 * goldens under GAUNTLET_FIXTURES. Long, and resumable: a row that was measured with the same plan is not run again.
 *
 *   node scripts/golden-autoattack.mjs [--attack autoattack,cascade] [--rows REGEX] [--seeds 0,1,2] [--jobs 2]
 *     [--set key=value,...] [--file results/golden-attacks.json] [--again]
 *
 * Prints outcomes, passes, their ratio to the nominal ones and seconds per row and seed, then the same over all rows, and whether
 * the means over the seeds are within what is allowed. The file keeps outcomes
 * after each stage, passes beside the nominal ones of the original, and seconds.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attackModel } from '../dist/src/index.js';

const root = join(import.meta.dirname, '..');
const fixtures = process.env.GAUNTLET_FIXTURES;
if (fixtures === undefined)
  throw new Error('GAUNTLET_FIXTURES names the folder with the goldens; it is not set.');

const { values: options } = parseArgs({
  options: {
    attack: { type: 'string', default: 'autoattack,cascade' },
    rows: { type: 'string', default: '.' },
    seeds: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '2' },
    set: { type: 'string', default: '' },
    file: { type: 'string', default: join(root, 'results', 'golden-attacks.json') },
    again: { type: 'boolean', default: false },
  },
});

/** Robust accuracy above the reference's that is allowed, in points: the draws are others, and so are the batches. */
const ALLOWED = { autoattack: { linf: 1, l2: 2 }, cascade: { linf: 0.5, l2: 0.5 } };
/** Passes of the original for an example that survives up to a stage. */
const NOMINAL = {
  'apgd-ce': { gradient: 101, forward: 0 },
  'apgd-t': { gradient: 9 * 101, forward: 0 },
  'fab-t': { gradient: 9 * 100, forward: 9 * 200 },
  square: { gradient: 0, forward: 5000 },
};

/** Every AutoAttack run of the goldens. */
function goldenRows() {
  const folder = join(fixtures, 'golden/attacks');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const { autoattack = {} } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return Object.values(autoattack).map(({ n, norm, eps, stages }) => {
        const model = name.replace(/\.json$/, '');
        const counts = Object.entries(stages).map(([stage, { robust_count }]) => [stage, robust_count]);
        return {
          ...{ row: `${model} ${norm.toLowerCase()} ${Number(eps.toPrecision(4))}`, model },
          ...{ norm: norm.toLowerCase(), epsilon: eps, n, counts, nominal: nominalOf(counts) },
        };
      });
    });
}

/** Passes of the original, from how many examples each of its stages was given. */
function nominalOf(counts) {
  const total = { gradient: 0, forward: 0 };
  counts.slice(1).forEach(([stage], i) => {
    total.gradient += NOMINAL[stage].gradient * counts[i][1];
    total.forward += NOMINAL[stage].forward * counts[i][1];
  });
  return total;
}

const known = existsSync(options.file) ? JSON.parse(readFileSync(options.file, 'utf8')) : { results: [] };

function keep(result) {
  const same = (one) => ['attack', 'row', 'seed'].every((field) => one[field] === result[field]);
  known.results = [...known.results.filter((one) => !same(one)), result].sort((a, b) =>
    `${a.row} ${a.attack} ${a.seed}`.localeCompare(`${b.row} ${b.attack} ${b.seed}`, 'en'),
  );
  writeFileSync(`${options.file}.part`, `${JSON.stringify(known, null, 1)}\n`);
  renameSync(`${options.file}.part`, options.file);
}

const parameters = Object.fromEntries(
  options.set
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('='))
    .map(([key, text]) => [key, /^[\d.]+$/.test(text) ? Number(text) : text]),
);

/** Thrown by the plan's callback to end an attack whose result is known. */
class Known extends Error {
  constructor(result) {
    super('measured before');
    this.result = result;
  }
}

async function measure(attack, golden, seed) {
  const { row, model, norm, epsilon, n } = golden;
  const request = {
    model: join(fixtures, 'models', `${model}.onnx`),
    card: join(root, 'test/fixtures/cards', `${model}.card.json`),
    data: model.startsWith('cifar10') ? 'cifar10' : model.startsWith('fashion') ? 'fashion-mnist' : 'mnist',
    ...{ examples: n, attack, parameters, threat: { kind: 'lp', norm, epsilon }, seed },
  };
  const started = performance.now();
  try {
    const { cell } = await attackModel(request, {
      dataDir: join(fixtures, 'data'),
      jobs: Number(options.jobs),
      onPlan: ({ fingerprint }) => {
        const found = known.results.find((one) => one.fingerprint === fingerprint);
        if (found !== undefined && !options.again) throw new Known(found);
      },
    });
    if (cell.status !== 'completed') throw new Error(`${row}: ${cell.status}: ${cell.reason.message}`);
    const total = (kind) => cell.passes[kind].reduce((sum, count) => sum + count, 0);
    const result = {
      ...{ row, attack, seed, version: cell.plan.composite.plugin.version, parameters },
      ...{ fingerprint: cell.fingerprint, n, clean: cell.clean.correct, robust: cell.robust.correct },
      reference: Object.fromEntries(golden.counts),
      stages: cell.stages.map(({ attack: id, robust, passes }) => ({ attack: id, robust, passes })),
      passes: { gradient: total('gradient'), forward: total('forward') },
      nominal: golden.nominal,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    };
    keep(result);
    return result;
  } catch (error) {
    if (error instanceof Known) return error.result;
    throw error;
  }
}

const shareText = (kind, passes, nominal) =>
  `${passes[kind]} ${kind} (${(passes[kind] / nominal[kind]).toFixed(2)} of nominal)`;

const percent = (count, n) => `${((100 * count) / n).toFixed(1)} %`;

function print(result, golden) {
  const { row, attack, seed, n, robust, stages, passes, nominal, seconds } = result;
  const reference = golden.counts.at(-1)[1];
  console.log(`${row}, ${attack}, seed ${seed}: ${percent(robust, n)} (reference ${percent(reference, n)})`);
  console.log(`  ${stages.map((stage) => `${stage.attack} ${percent(stage.robust, n)}`).join(', ')}`);
  const share = (kind) => shareText(kind, passes, nominal);
  console.log(`  ${share('gradient')}, ${share('forward')}, ${seconds} s`);
}

/** What an attack took on all the rows: seconds and passes, and the passes beside those of the original. */
function printTotal(attack, results) {
  const sum = (valueOf) => results.reduce((total, result) => total + valueOf(result), 0);
  const totalOf = (field) => ({
    gradient: sum((result) => result[field].gradient),
    forward: sum((result) => result[field].forward),
  });
  const [passes, nominal] = [totalOf('passes'), totalOf('nominal')];
  const share = (kind) => shareText(kind, passes, nominal);
  const seconds = sum((result) => result.seconds).toFixed(1);
  console.log(`${attack}, ${results.length} runs: ${share('gradient')}, ${share('forward')}, ${seconds} s`);
}

/** What is wrong with the results of one attack on one row, if anything. */
function problems(attack, golden, results) {
  const mean = results.reduce((sum, { robust }) => sum + robust, 0) / results.length;
  const excess = (100 * (mean - golden.counts.at(-1)[1])) / golden.n;
  const spread = results.map(({ robust }) => robust);
  const figures = `${golden.row}, ${attack}: mean of ${results.length} ${((100 * mean) / golden.n).toFixed(2)} %, ${excess >= 0 ? '+' : ''}${excess.toFixed(2)} points`;
  console.log(`${figures} (${spread.join(', ')} of ${golden.n})`);
  const found = [];
  if (excess > ALLOWED[attack][golden.norm] + 1e-9)
    found.push(`${figures}, allowed +${ALLOWED[attack][golden.norm]}`);
  for (const { passes, nominal, seed } of results) {
    for (const kind of ['gradient', 'forward']) {
      // Nominal passes are those of the original's survivors: a run that leaves more of them may do more.
      if (excess <= 0 && passes[kind] > nominal[kind])
        found.push(
          `${golden.row}, ${attack}, seed ${seed}: ${passes[kind]} ${kind} passes, nominal ${nominal[kind]}`,
        );
    }
  }
  return found;
}

const found = [];
const measured = {};
for (const golden of goldenRows().filter(({ row }) => new RegExp(options.rows).test(row))) {
  for (const attack of options.attack.split(',')) {
    const results = [];
    for (const seed of options.seeds.split(',').map(Number)) {
      results.push(await measure(attack, golden, seed));
      print(results.at(-1), golden);
    }
    (measured[attack] ??= []).push(...results);
    found.push(...problems(attack, golden, results));
  }
}
for (const [attack, results] of Object.entries(measured)) printTotal(attack, results);
for (const problem of found) console.error(`not as good as the reference: ${problem}`);
process.exitCode = found.length === 0 ? 0 : 1;
