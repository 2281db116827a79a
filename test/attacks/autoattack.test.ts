import { describe, expect, it } from '@jest/globals';
import type { ThreatSpec } from '../../src/plugin/threat.js';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf } from './cells.js';
import { excesses, NOMINAL } from './nominal-passes.js';

const ground = await groundOf(zooGraph('mnist-mlp-nopen'));
/** The middle one survives to the end, which costs thousands of passes. */
const indices = [2, 3, 9];

describe('AutoAttack spends no more passes than the nominal schedule of the original', () => {
  it.each<[schedule: 'standard' | 'sparse', threat: ThreatSpec]>([
    ['standard', { kind: 'lp', norm: 'linf', epsilon: 0.07 }],
    ['standard', { kind: 'lp', norm: 'l2', epsilon: 0.8 }],
    ['sparse', { kind: 'lp', norm: 'l1', epsilon: 4 }],
  ])('%s under %j', async (schedule, threat) => {
    const cell = await ground.completed('autoattack', threat, { indices });
    expect(cell.stages.map(({ attack }) => attack)).toEqual(NOMINAL[schedule].map(([id]) => id));
    expect(cell.outcomes).toMatch(/^fr[fr]$/);
    expect(excesses(cell, schedule)).toEqual([]);
  });
});
