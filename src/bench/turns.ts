import { Bench } from 'tinybench';
import { GauntletError } from '../errors.js';
import type { Times } from '../results/schema/bench.js';

/** Something that is timed in slices, in turns with others: a machine's speed wanders, and all see the same of it. */
export interface Contender {
  readonly name: string;
  /** Times it for about so many milliseconds, at least once. */
  slice(milliseconds: number): Promise<Times>;
}

/** How long contenders are timed. */
export interface Pace {
  readonly rounds: number;
  /** Milliseconds of a slice. */
  readonly slice: number;
  readonly signal?: AbortSignal;
  /** Called before each slice. */
  readonly onSlice?: (name: string) => void;
}

/** Times a task of this process with tinybench. */
export function contender(name: string, task: () => Promise<unknown>): Contender {
  return {
    name,
    async slice(milliseconds) {
      const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, throws: true });
      bench.add(name, async () => {
        await task();
      });
      await bench.run();
      const result = bench.tasks[0]!.result;
      if (result.state !== 'completed') {
        throw new GauntletError('INTERNAL', `The measurement "${name}" ended as ${result.state}.`);
      }
      return { fastest: result.latency.min, median: result.latency.p50 };
    },
  };
}

/**
 * Times the contenders of `order` in turns, after a slice of each that does not count. One that stands there several times gets
 * as many slices per round.
 * @returns the slices of each contender
 */
export async function takeTurns(
  order: readonly Contender[],
  { rounds, slice, signal, onSlice }: Pace,
): Promise<Map<Contender, Times[]>> {
  const slices = new Map<Contender, Times[]>(order.map((one) => [one, []]));
  for (const one of slices.keys()) {
    signal?.throwIfAborted();
    await one.slice(0);
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of order) {
      signal?.throwIfAborted();
      onSlice?.(one.name);
      slices.get(one)!.push(await one.slice(slice));
    }
  }
  return slices;
}

/** The fastest call of all slices, and the median of their medians. */
export function overall(slices: readonly Times[]): Times {
  const medians = slices.map(({ median }) => median).sort((a, b) => a - b);
  return {
    fastest: Math.min(...slices.map(({ fastest }) => fastest)),
    median: medians[Math.floor(medians.length / 2)] ?? NaN,
  };
}
