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

/** A slice that was taken. */
export interface Slice {
  readonly of: Contender;
  readonly times: Times;
}

/**
 * Times the contenders of `order` in turns, after one call of each that does not count. One that stands there several times gets
 * as many slices per round.
 * @returns the slices as they were taken
 */
export async function takeTurns(
  order: readonly Contender[],
  { rounds, slice, signal, onSlice }: Pace,
): Promise<Slice[]> {
  for (const one of new Set(order)) {
    signal?.throwIfAborted();
    await one.slice(0);
  }
  const slices: Slice[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const of of order) {
      signal?.throwIfAborted();
      onSlice?.(of.name);
      slices.push({ of, times: await of.slice(slice) });
    }
  }
  return slices;
}

/** A contender's fastest call of all slices, and the median of its medians. */
export function overall(slices: readonly Slice[], one: Contender): Times {
  const times = slices.filter(({ of }) => of === one).map((slice) => slice.times);
  return {
    fastest: Math.min(...times.map(({ fastest }) => fastest)),
    median: median(times.map((each) => each.median)),
  };
}

/**
 * A contender's time over that of a yardstick that has a slice before and after each of its own: the median over its slices of
 * its median over the mean of the two beside it. What slows the machine down for longer than a slice cancels out.
 */
export function besideYardstick(slices: readonly Slice[], one: Contender): number {
  const ratios = slices.flatMap(({ of, times }, i) => {
    const [before, after] = [slices[i - 1], slices[i + 1]];
    return of === one ? [(2 * times.median) / (before!.times.median + after!.times.median)] : [];
  });
  return median(ratios);
}

/** The upper one of the two in the middle where their number is even; NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
