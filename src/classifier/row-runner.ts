import type { CompileOptions, Engine, Session } from '../engine/engine.js';
import { GauntletError } from '../errors.js';
import type { Graph } from '../graph/ir.js';
import { elementCount } from '../tensor/tensor.js';
import { runRows, sliceFeeds, takeFeeds, type RowFeeds } from './row-feeds.js';
import { compileRowwise, MULTIPLE, type Grouping } from './row-independence.js';

export interface RowRunnerOptions extends CompileOptions {
  /** Rows per engine call at most, or `MULTIPLE` if that is more and the graph needs so many. */
  readonly engineBatch: number;
  /** Typical values of so many rows, to see whether rows influence one another. */
  readonly probe: (rows: number) => RowFeeds;
}

/**
 * Runs a graph whose inputs and outputs all have one row per example, in pieces the engine takes, such that a row's
 * results are the same bits whatever rows are beside it, and however many there are.
 */
export class RowRunner {
  private readonly pieceSize: number;

  private constructor(
    private readonly session: Session,
    private readonly graph: Graph,
    /** How rows are grouped into engine calls. */
    readonly grouping: Grouping,
    engineBatch: number,
  ) {
    this.pieceSize = PIECE_SIZES[grouping](engineBatch);
  }

  /** Compiles the graph and finds out how its rows may be grouped. */
  static async compile(engine: Engine, graph: Graph, options: RowRunnerOptions): Promise<RowRunner> {
    const { engineBatch, probe, ...compileOptions } = options;
    const { session, grouping } = await compileRowwise(engine, graph, probe, compileOptions);
    return new RowRunner(session, graph, grouping, engineBatch);
  }

  /**
   * Results of `count` rows, one array per name in `fetches`.
   * @throws GauntletError INPUT_SHAPE when a feed does not hold `count` rows.
   */
  async run(feeds: RowFeeds, count: number, fetches: readonly string[]): Promise<Float32Array[]> {
    this.requireRows(feeds, count);
    const pieces: Float32Array[][] = [];
    for (let from = 0; from < count; from += this.pieceSize)
      pieces.push(await this.piece(feeds, from, Math.min(from + this.pieceSize, count), fetches));
    return fetches.map((_name, i) => concatenate(pieces.map((piece) => piece[i]!)));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private async piece(
    feeds: RowFeeds,
    from: number,
    to: number,
    fetches: readonly string[],
  ): Promise<Float32Array[]> {
    const count = to - from;
    const whole = this.grouping === 'multiples' ? MULTIPLE * Math.ceil(count / MULTIPLE) : count;
    if (whole === count)
      return runRows(this.session, this.graph, sliceFeeds(this.graph, feeds, from, to), count, fetches);
    // Filled up with copies of the last row, whose results are dropped.
    const rows = Array.from({ length: whole }, (_, i) => Math.min(from + i, to - 1));
    const filled = takeFeeds(this.graph, feeds, rows);
    const outputs = await runRows(this.session, this.graph, filled, whole, fetches);
    return outputs.map((values) => values.subarray(0, (values.length / whole) * count));
  }

  private requireRows(feeds: RowFeeds, count: number): void {
    for (const { name, dims } of this.graph.inputs) {
      const expected = count * elementCount(dims.slice(1) as number[]);
      const received = feeds[name]?.length ?? 0;
      if (received !== expected) {
        throw new GauntletError(
          'INPUT_SHAPE',
          `"${name}" of ${count} examples has ${expected} values, received ${received}`,
        );
      }
    }
  }
}

/** Rows per engine call, from the number the caller would like. */
const PIECE_SIZES: Readonly<Record<Grouping, (engineBatch: number) => number>> = {
  any: (engineBatch) => engineBatch,
  multiples: (engineBatch) => MULTIPLE * Math.max(1, Math.floor(engineBatch / MULTIPLE)),
  alone: () => 1,
};

function concatenate(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
