import type { Graph } from '../graph/ir.js';
import type { Tensor } from '../tensor/tensor.js';

/** A compiled graph. */
export interface Session {
  /**
   * Runs the graph. `feeds` holds one tensor per graph input, `fetches` names the outputs wanted (all by default).
   * @throws GauntletError ENGINE_RUN when the engine refuses the inputs or fails inside an operator.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches?: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees native memory; the session must not be used afterwards. */
  release(): Promise<void>;
}

export interface CompileOptions {
  /** Threads inside one operator. Results do not depend on it. */
  readonly threads?: number;
}

/** Turns graphs into something that runs. */
export interface Engine {
  readonly id: string;
  readonly version: string;
  /**
   * True for an engine that differentiates by itself: it is given graphs with a node for the gradient (own-gradient.ts) in place of
   * graphs derived from them.
   */
  readonly differentiates?: true;
  /** What was computed elsewhere because the engine lacks it, in this process so far. */
  readonly borrowed?: ReadonlySet<string>;
  /** @throws GauntletError ENGINE_COMPILE naming the operator or node the engine rejects. */
  compile(graph: Graph, options?: CompileOptions): Promise<Session>;
}
