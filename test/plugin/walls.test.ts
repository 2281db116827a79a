import { describe, expect, it } from '@jest/globals';
import { clipToWalls, wallsOf } from '../../src/plugin/walls.js';

const batch = { shape: [2], keys: [4, 7], data: Float32Array.of(0.5, 0.5, 0.5, 0.5) };

describe('the walls of an example', () => {
  it.each([
    { kind: 'lp', norm: 'l2', epsilon: 0.1 },
    { kind: 'minimum', norm: 'l1' },
  ] as const)('are the input bounds under $kind', (threat) => {
    const { lower, upper } = wallsOf(threat, batch, [-1, 2])(1);
    expect([...lower, ...upper]).toEqual([-1, -1, 2, 2]);
  });

  it('are those of its own box, cut to the input bounds', () => {
    const lower = Float32Array.of(-0.5, 0.25, 0, 0.375);
    const upper = Float32Array.of(0.75, 0.5, 3, 0.5);
    const wallsAt = wallsOf({ kind: 'box', lower, upper }, batch, [0, 1]);
    expect([...wallsAt(0).lower, ...wallsAt(0).upper]).toEqual([0, 0.25, 0.75, 0.5]);
    expect([...wallsAt(1).lower, ...wallsAt(1).upper]).toEqual([0, 0.375, 1, 0.5]);
  });

  it('clip a point in place', () => {
    const point = Float32Array.of(-3, 0.25, 5);
    clipToWalls(point, { lower: Float32Array.of(0, 0, 0), upper: Float32Array.of(1, 1, 2) });
    expect([...point]).toEqual([0, 0.25, 2]);
  });
});
