#!/usr/bin/env node
/**
 * How far the mean corruption accuracy on a part of a grid is from that on the whole, over the models of a run with the whole grid:
 * `node scripts/corruption-subsets.mjs RUN|LEADERBOARD.json [--corruptions a,b] [--severities 1,3,5] [--examples N] [--json]`.
 * Of a run folder the first N examples are looked at; of a leaderboard, which has no single examples, it is said by how much N drawn
 * ones would be off. These are the figures to document a reduced suite with.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildLeaderboard } from '../dist/src/leaderboard/build.js';
import { percent } from '../dist/src/leaderboard/format.js';
import { gridOfRow } from '../dist/src/leaderboard/grid-of-row.js';
import { plannedCells } from '../dist/src/leaderboard/planned.js';
import { accuracyGrid } from '../dist/src/metrics/corruption/grid.js';
import {
  gridSubset,
  sampleHalfWidth,
  subsetError,
  subsetMeans,
} from '../dist/src/metrics/corruption/subset.js';
import { readRun } from '../dist/src/results/read-run.js';
import { parseResult } from '../dist/src/results/validate.js';
import { plainTable } from '../dist/src/text/plain-table.js';

const string = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { corruptions: string, severities: string, examples: string, json: { type: 'boolean' } },
  allowPositionals: true,
});
const [source] = positionals;
if (source === undefined) throw new Error('Name a run folder or a leaderboard file.');
const subset = {
  corruptions: values.corruptions?.split(','),
  severities: values.severities?.split(',').map(Number),
};
const examples = values.examples === undefined ? Infinity : Number(values.examples);
const isRun = statSync(source).isDirectory();

/** The leaderboard, and of a run the grids on the first examples, by model. */
async function read() {
  if (!isRun) return { leaderboard: parseResult('leaderboard', readFileSync(source, 'utf8'), source) };
  const { manifest, cells } = await readRun(source);
  const { cellOf } = plannedCells(manifest, cells);
  const firstExamples = (model) =>
    accuracyGrid(
      manifest.columns
        .filter(({ kind }) => kind === 'corruption')
        .flatMap(({ id, cells: entries }) => entries.map((entry) => [id, cellOf(model, entry)]))
        .map(([corruption, { plan, outcomes }]) => ({ corruption, severity: plan.severity, outcomes })),
      examples,
    );
  return { leaderboard: buildLeaderboard(manifest, cells), firstExamples };
}

const { leaderboard, firstExamples } = await read();
const rows = leaderboard.rows.filter((row) => row.corruption !== undefined);
if (rows.length === 0) throw new Error('No model has a result for every corruption.');
const models = rows.map((row) => {
  const whole = gridOfRow(leaderboard, row);
  const part = firstExamples === undefined ? whole : firstExamples(row.model.id);
  return { model: row.model.id, ...subsetMeans(whole, gridSubset(part, subset)) };
});
const { interval } = rows[0].columns['mean-corruption'];
const chance =
  isRun || examples === Infinity
    ? null
    : sampleHalfWidth((interval.upper - interval.lower) / 2, leaderboard.suite.n, examples);
const error = subsetError(models);
const cells = gridSubset(gridOfRow(leaderboard, rows[0]), subset).flatMap((row) => row.cells).length;
const all = gridOfRow(leaderboard, rows[0]).flatMap((row) => row.cells).length;
const used = Math.min(examples, leaderboard.suite.n);

if (values.json)
  console.log(JSON.stringify({ models, error, chance, cells, of: all, examples: used }, null, 2));
else {
  const points = (share) => (100 * share).toFixed(2);
  console.log(
    `${cells} of ${all} cells, ${used} of ${leaderboard.suite.n} examples of ${leaderboard.suite.id}\n`,
  );
  console.log(
    plainTable(
      ['model', 'whole grid', 'part', 'error in points'],
      models.map(({ model, full, part }) => [model, percent(full), percent(part), points(part - full)]),
    ),
  );
  console.log(
    `\nOver ${models.length} models, in points: mean error ${points(error.bias)}, mean absolute error ${points(error.meanAbsolute)}, ` +
      `largest ${points(error.largest)}; ${error.swapped} of ${error.pairs} pairs of models change places.`,
  );
  if (chance !== null)
    console.log(
      `${used} examples drawn at random would be off by up to ${points(chance)} points in 95 % of draws.`,
    );
}
