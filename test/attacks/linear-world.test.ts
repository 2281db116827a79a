import { describe, expect, it } from '@jest/globals';
import { NORMS } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { linearWorld } from './linear-world.js';

describe.each([2, 3, 10])('the linear world with %d classes', (numClasses) => {
  it('has a box that matters: a third of the coordinates would be pushed beyond it', async () => {
    expect((await linearWorld({ numClasses, count: 32 })).clippedShare).toBeGreaterThan(0.3);
  });

  it('has optima that no random point of the ball and box beats', async () => {
    const world = await linearWorld({ numClasses, count: 8 });
    const { batch, classifier } = world;
    const size = batch.data.length / 8;
    for (const norm of NORMS.filter((one) => one !== 'l0'))
      for (const key of batch.keys) {
        const optimum = world.optimum(key, norm);
        const random = keyedStream(3, key, norm);
        const clean = batch.data.subarray(key * size, (key + 1) * size);
        for (let draw = 0; draw < 20; draw++) {
          const direction = random.fillNormal(new Float64Array(size));
          const lengths = {
            linf: Math.max(...direction.map(Math.abs)),
            l2: Math.hypot(...direction),
            l1: direction.reduce((sum, value) => sum + Math.abs(value), 0),
          };
          const scale = (0.999 * optimum) / lengths[norm as 'l2'];
          const point = clean.map((value, i) =>
            Math.min(Math.max(value + Math.fround(direction[i]! * scale), 0), 1),
          );
          const predicted = await classifier.predict({ shape: batch.shape, keys: [key], data: point });
          expect(predicted[0]).toBe(batch.labels[key]);
        }
      }
  });
});
