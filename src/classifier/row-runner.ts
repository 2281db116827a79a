import type { CompileOptions, Engine, Session } from '../engine/engine.js';
import { GauntletError } from '../errors.js';
import type { Graph } from '../graph/ir.js';
import { elementCount, type Tensor } from '../tensor/tensor.js';

/** Values for each input of a graph, one row per example. */
export type RowFeeds = Readonly<Record<string, Float32Array>>;

export interface RowRunnerOptions extends CompileOptions {
  /** Rows per engine call at most. */
  readonly engineBatch: number;
  /** Typical values of PROBE_ROWS rows, to see whether rows influence one another. */
  readonly probe: RowFeeds;
}

/** Odd, so that rows of few values start at every alignment in memory. */
export const PROBE_ROWS = 9;

/**
 * Runs a graph whose inputs and outputs all have one row per example, in pieces the engine takes, such that a row's
 * results are the same bits whatever rows are beside it.
 */
export class RowRunner {
  private constructor(
    private readonly session: Session,
    private readonly graph: Graph,
    private readonly engineBatch: number,
  ) {}

  /**
   * Compiles the graph. Some kernels add up a row in an order that depends on where in memory the row starts (ONNX Runtime's
   * ReduceSum over a few columns does); a graph that shows this on the probe is run one row at a time.
   */
  static async compile(engine: Engine, graph: Graph, options: RowRunnerOptions): Promise<RowRunner> {
    const { engineBatch, probe, threads } = options;
    const session = await engine.compile(graph, threads === undefined ? {} : { threads });
    const together = new RowRunner(session, graph, Math.max(engineBatch, PROBE_ROWS));
    const alone = new RowRunner(session, graph, 1);
    const fetches = graph.outputs.map(({ name }) => name);
    const [found, expected] = [
      await together.run(probe, PROBE_ROWS, fetches),
      await alone.run(probe, PROBE_ROWS, fetches),
    ];
    const independent = found.every((values, i) => sameBits(values, expected[i]!));
    return independent ? new RowRunner(session, graph, engineBatch) : alone;
  }

  /**
   * Results of `count` rows, one array per name in `fetches`.
   * @throws GauntletError INPUT_SHAPE when a feed does not hold `count` rows.
   */
  async run(feeds: RowFeeds, count: number, fetches: readonly string[]): Promise<Float32Array[]> {
    this.requireRows(feeds, count);
    const pieces: Readonly<Record<string, Tensor>>[] = [];
    for (let from = 0; from < count; from += this.engineBatch) {
      pieces.push(
        await this.session.run(this.slice(feeds, from, Math.min(from + this.engineBatch, count)), fetches),
      );
    }
    return fetches.map((name) => concatenate(pieces.map((piece) => piece[name]!.data as Float32Array)));
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private slice(feeds: RowFeeds, from: number, to: number): Record<string, Tensor> {
    return Object.fromEntries(
      this.graph.inputs.map(({ name, dims }) => {
        const row = dims.slice(1) as number[];
        const size = elementCount(row);
        const data = feeds[name]!.subarray(from * size, to * size);
        return [name, { type: 'float32', dims: [to - from, ...row], data }];
      }),
    );
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

function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [left, right] = [a, b].map(
    ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length),
  ) as [Uint32Array, Uint32Array];
  return left.length === right.length && left.every((bits, i) => bits === right[i]);
}

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
