import { describe, expect, it } from '@jest/globals';
import { edgeSources, type Edge } from '../../../src/plugin/imaging/edges.js';

describe('what a line goes on with beyond its ends', () => {
  it.each<[Edge, number[]]>([
    ['nearest', [0, 0, 0, 1, 2, 3, 3, 3]],
    ['reflect', [1, 0, 0, 1, 2, 3, 3, 2]],
    ['mirror', [2, 1, 0, 1, 2, 3, 2, 1]],
    ['zero', [-1, -1, 0, 1, 2, 3, -1, -1]],
  ])('%s', (edge, sources) => {
    expect(Array.from(edgeSources(4, 2, edge))).toEqual(sources);
  });

  it('reaches further than the line is long', () => {
    expect(Array.from(edgeSources(2, 5, 'reflect'))).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
    expect(Array.from(edgeSources(2, 3, 'mirror'))).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect(Array.from(edgeSources(1, 2, 'mirror'))).toEqual([0, 0, 0, 0, 0]);
  });
});
