import { describe, expect, it } from '@jest/globals';
import { besideYardstick, contender, overall, takeTurns, type Contender } from '../../src/bench/turns.js';

/** A contender that writes down when it is timed and for how long, and how often it was. */
function recorded(name: string, diary: string[]): Contender {
  let calls = 0;
  return {
    name,
    slice: (milliseconds) => {
      diary.push(`${name} ${milliseconds}`);
      calls++;
      return Promise.resolve({ fastest: calls, median: 10 * calls });
    },
  };
}

describe('turns', () => {
  it('go round after each has warmed up once, and only the rounds count', async () => {
    const diary: string[] = [];
    const [a, b] = [recorded('a', diary), recorded('b', diary)];
    const slices = await takeTurns([a, b, a], { rounds: 2, slice: 7 });
    expect(diary).toEqual(['a 0', 'b 0', 'a 7', 'b 7', 'a 7', 'a 7', 'b 7', 'a 7']);
    expect(slices.map(({ of, times }) => `${of.name}${times.fastest}`)).toEqual([
      'a2',
      'b2',
      'a3',
      'a4',
      'b3',
      'a5',
    ]);
  });

  it('end with the reason of the signal', async () => {
    const diary: string[] = [];
    const controller = new AbortController();
    const a = recorded('a', diary);
    const onSlice = () => controller.abort(new Error('enough'));
    const turns = takeTurns([a, a], { rounds: 9, slice: 1, signal: controller.signal, onSlice });
    await expect(turns).rejects.toThrow('enough');
    expect(diary).toEqual(['a 0', 'a 1']);
  });
});

describe('a task', () => {
  it('is called at least once however short its slice, and for as long as the slice', async () => {
    let calls = 0;
    const task = contender('count', () => Promise.resolve(calls++));
    await task.slice(0);
    expect(calls).toBe(1);
    const { fastest, median } = await task.slice(20);
    expect(calls).toBeGreaterThan(2);
    expect(fastest).toBeLessThanOrEqual(median);
  });

  it('that fails is an error with its reason', async () => {
    const task = contender('broken', () => Promise.reject(new Error('out of order')));
    await expect(task.slice(1)).rejects.toThrow('out of order');
  });
});

describe('slices together', () => {
  const [one, yardstick] = [recorded('one', []), recorded('yardstick', [])];
  const slice = (of: Contender, fastest: number, median: number) => ({ of, times: { fastest, median } });

  it('have the fastest call of all, and the median of the medians', () => {
    const slices = [slice(one, 3, 5), slice(yardstick, 1, 1), slice(one, 2, 9), slice(one, 4, 6)];
    expect(overall(slices, one)).toEqual({ fastest: 2, median: 6 });
  });

  it('do not show in relation to a yardstick that the machine was slower for a while', () => {
    const around = (slowdown: number, own: number) => [
      slice(yardstick, 1, 2 * slowdown),
      slice(one, 1, own * slowdown),
      slice(yardstick, 1, 4 * slowdown),
    ];
    const slices = [...around(1, 6), ...around(3, 6), ...around(0.5, 9)];
    expect(besideYardstick(slices, one)).toBe(2);
  });
});
