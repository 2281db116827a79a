import { describe, expect, it } from '@jest/globals';
import { contender, overall, takeTurns, type Contender } from '../../src/bench/turns.js';

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
    expect(slices.get(a)!.map(({ fastest }) => fastest)).toEqual([2, 3, 4, 5]);
    expect(slices.get(b)!.map(({ fastest }) => fastest)).toEqual([2, 3]);
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
  it('have the fastest call of all, and the median of the medians', () => {
    const slices = [
      { fastest: 3, median: 5 },
      { fastest: 2, median: 9 },
      { fastest: 4, median: 6 },
    ];
    expect(overall(slices)).toEqual({ fastest: 2, median: 6 });
  });
});
