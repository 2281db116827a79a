#!/usr/bin/env node
/**
 * Attacks the instances of the verification competition found under GAUNTLET_FIXTURES and counts, by what the competition's
 * tools agree on, how many break: `node scripts/vnncomp.mjs [--attack ID] [--set KEY=VALUE]... [--verdict sat-verified]...
 * [--model NAME] [--seed N] [--jobs N] [--list]`. Exits with 1 when an instance proved safe breaks.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { attackModel } from '../dist/src/api/attack-model.js';
import { vnnlibRequest } from '../dist/src/api/vnnlib.js';
import { DEFAULT_ATTACK } from '../dist/src/cli/attack-flags.js';

const string = { type: 'string' };
const { values } = parseArgs({
  options: {
    attack: string,
    set: { ...string, multiple: true, default: [] },
    verdict: { ...string, multiple: true, default: ['sat-verified', 'sat-consensus', 'unsat-consensus'] },
    model: string,
    seed: { ...string, default: '0' },
    jobs: { ...string, default: String(availableParallelism()) },
    list: { type: 'boolean', default: false },
  },
});
const fixtures = process.env.GAUNTLET_FIXTURES;
if (!fixtures) throw new Error('GAUNTLET_FIXTURES names no folder.');
const instances = JSON.parse(readFileSync(join(fixtures, 'vnncomp/groundtruth.json'), 'utf8')).filter(
  ({ verdict, model }) =>
    values.verdict.includes(verdict) && (values.model === undefined || model.includes(values.model)),
);
const literal = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
const parameters = Object.fromEntries(
  values.set.map((pair) => {
    const [key, ...text] = pair.split('=');
    return [key, literal(text.join('='))];
  }),
);
const attack = values.attack ?? DEFAULT_ATTACK;
const cards = join(import.meta.dirname, '../test/fixtures/cards');

async function run({ model, vnnlib }) {
  const { cell } = await attackModel(
    {
      ...(await vnnlibRequest(join(fixtures, vnnlib))),
      model: join(fixtures, 'models', model),
      card: join(cards, `${basename(model, '.onnx')}.card.json`),
      attack,
      parameters,
      seed: Number(values.seed),
    },
    { jobs: 1 },
  );
  return cell;
}

const results = [];
const started = performance.now();
const waiting = instances.entries();
async function work() {
  for (const [, instance] of waiting) {
    const cell = await run(instance);
    const outcome = cell.status === 'completed' ? cell.outcomes : `${cell.status}: ${cell.reason.message}`;
    const { forward, gradient } = cell.status === 'completed' ? cell.passes : { forward: [0], gradient: [0] };
    results.push({ ...instance, outcome, passes: [forward[0], gradient[0]], seconds: cell.timing.seconds });
    if (values.list) console.error(`${instance.verdict} ${instance.vnnlib}: ${outcome}`);
  }
}
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work));

const broken = ({ outcome }) => outcome === 'f' || outcome === 'w';
const groups = new Map();
for (const one of results) {
  const key = `${one.verdict}  ${one.model}`;
  groups.set(key, [...(groups.get(key) ?? []), one]);
}
console.log(`${attack} ${JSON.stringify(parameters)}`);
for (const verdict of values.verdict) {
  const all = results.filter((one) => one.verdict === verdict);
  const passes = all.reduce((total, one) => total + one.passes[0] + one.passes[1], 0);
  console.log(`${verdict}: ${all.filter(broken).length} of ${all.length} broken, ${passes} passes`);
  for (const [key, group] of [...groups].filter(([name]) => name.startsWith(`${verdict}  `)).sort())
    console.log(`  ${key.split('  ')[1]}: ${group.filter(broken).length} of ${group.length}`);
}
const odd = results.filter(({ outcome }) => !'rfw'.includes(outcome));
for (const { vnnlib, outcome } of odd) console.log(`${vnnlib}: ${outcome}`);
const unsound = results.filter((one) => one.verdict === 'unsat-consensus' && broken(one));
for (const { vnnlib } of unsound) console.log(`proved safe, yet broken: ${vnnlib}`);
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
process.exitCode = unsound.length + odd.length > 0 ? 1 : 0;
