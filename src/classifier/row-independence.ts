import { availableParallelism } from 'node:os';
import type { CompileOptions, Engine, Session } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import type { Graph } from '../graph/ir.js';
import { elementCount } from '../tensor/tensor.js';
import { findPositionDependence, type PositionDependence } from './position-dependence.js';
import { runRows, takeFeeds, type RowFeeds } from './row-feeds.js';

/**
 * How rows must be grouped into engine calls for a row's bits not to depend on its company: any number together, always a
 * multiple of `MULTIPLE` (a remainder is filled up), or each alone.
 */
export type Grouping = 'any' | 'multiples' | 'alone';

/** Rows that some kernels need to take the path they take for more rows; of any width, they fill whole packets. */
export const MULTIPLE = 8;

export interface RowwiseSession {
  readonly session: Session;
  readonly grouping: Grouping;
}

/** What is worth trying before examples are run alone. */
const CANDIDATES = {
  'one example': ['any', 'multiples'],
  'several examples': ['multiples'],
  unknown: [],
} as const satisfies Record<PositionDependence['packetsFilledBy'], readonly Grouping[]>;

interface Trial {
  /** Batches of probe rows, by index, that give each row its reference result. */
  readonly reference: readonly (readonly number[])[];
  /** Other batches, in which every row must have the bits of its reference. */
  readonly company: readonly (readonly number[])[];
}

/** Floats of input that a probe spends: enough small rows to catch rare differences, few large ones. */
const [ROW_BUDGET, COMPANY_BUDGET] = [2 ** 13, 2 ** 15];

/** Odd, so that rows of few values start at every alignment in memory, and no multiple of 8 holds whole turns of them. */
function probeRows(size: number): number {
  return Math.min(65, Math.max(9, 2 * Math.floor(ROW_BUDGET / size / 2) + 1));
}

/**
 * Compiles a graph whose inputs and outputs have one row per example, and finds by trial how its rows may be grouped.
 *
 * Kernels that were seen to mind: sums over a few columns (ReduceSum, ReduceMean, InstanceNormalization), whose order depends on
 * where in memory a row starts; sums over a leading axis, which for one row take another path than for several; plain
 * convolutions, which split long sums by the number of threads; and elementwise operators of another formula at the end of
 * a buffer. What a row's result is follows from the graph alone, never from threads or batch size: it is what one thread
 * computes, and more threads are used only where the trial shows the same bits.
 *
 * @param probe typical values of so many rows.
 */
export async function compileRowwise(
  engine: Engine,
  graph: Graph,
  probe: (rows: number) => RowFeeds,
  { threads = availableParallelism() }: CompileOptions = {},
): Promise<RowwiseSession> {
  const size = Math.max(...graph.inputs.map(({ dims }) => elementCount(dims.slice(1) as number[])));
  const rows = probeRows(size);
  const values = probe(rows);
  const resultsOf = async (session: Session, batches: Trial['reference']): Promise<Uint32Array[][]> => {
    const results = [];
    for (const batch of batches) results.push(await rowBits(session, graph, values, batch));
    return results;
  };

  const positions = await findPositionDependence(graph, runnerOf(engine));
  const trials = trialsOf(rows, Math.min(128, Math.floor(COMPANY_BUDGET / size)));
  const single = await engine.compile(graph, { threads: 1 });
  for (const grouping of CANDIDATES[positions.packetsFilledBy]) {
    const { reference, company } = trials[grouping];
    const expected = byRow(reference, await resultsOf(single, reference));
    if (!agrees(company, await resultsOf(single, company), expected)) continue;
    if (threads === 1 || positions.operators.length > 0) return { session: single, grouping };
    // One session at a time: two would hold the weights twice.
    await single.release();
    return { session: await threadedIfSame([...reference, ...company], expected), grouping };
  }
  const alone = trials.any.reference;
  if (threads === 1 || positions.operators.length > 0) return { session: single, grouping: 'alone' };
  const expected = byRow(alone, await resultsOf(single, alone));
  await single.release();
  return { session: await threadedIfSame(alone, expected), grouping: 'alone' };

  async function threadedIfSame(batches: Trial['company'], expected: readonly Uint32Array[]) {
    const threaded = await engine.compile(graph, { threads });
    if (agrees(batches, await resultsOf(threaded, batches), expected)) return threaded;
    await threaded.release();
    return engine.compile(graph, { threads: 1 });
  }
}

/** @param large rows of the largest batch tried. */
function trialsOf(rows: number, large: number): Readonly<Record<'any' | 'multiples', Trial>> {
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => (start + i) % rows);
  const starts = Array.from({ length: Math.ceil(rows / MULTIPLE) }, (_, i) => i * MULTIPLE);
  const widest = MULTIPLE * Math.max(3, Math.floor(large / MULTIPLE));
  return {
    any: {
      reference: from(0, rows).map((row) => [row]),
      company: [from(0, 2), from(1, 3), from(0, Math.max(rows, large))],
    },
    multiples: {
      reference: starts.map((start) => from(start, MULTIPLE)),
      company: [...starts.map((start) => from(start + 3, MULTIPLE)), from(1, widest)],
    },
  };
}

/** The bits of each row's results, all outputs in one. */
async function rowBits(
  session: Session,
  graph: Graph,
  values: RowFeeds,
  batch: readonly number[],
): Promise<Uint32Array[]> {
  const fetches = graph.outputs.map(({ name }) => name);
  const outputs = await runRows(session, graph, takeFeeds(graph, values, batch), batch.length, fetches);
  const bits = outputs.map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
  return batch.map((_row, place) => {
    const parts = bits.map((all) => {
      const width = all.length / batch.length;
      return all.subarray(place * width, (place + 1) * width);
    });
    const joined = new Uint32Array(parts.reduce((total, part) => total + part.length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return joined;
  });
}

function byRow(batches: Trial['reference'], results: readonly (readonly Uint32Array[])[]): Uint32Array[] {
  const found: Uint32Array[] = [];
  batches.forEach((batch, i) => batch.forEach((row, place) => (found[row] ??= results[i]![place]!)));
  return found;
}

function agrees(
  batches: Trial['company'],
  results: readonly (readonly Uint32Array[])[],
  expected: readonly Uint32Array[],
): boolean {
  return batches.every((batch, i) =>
    batch.every((row, place) => {
      const [found, wanted] = [results[i]![place]!, expected[row]!];
      return found.length === wanted.length && found.every((bits, k) => bits === wanted[k]);
    }),
  );
}
