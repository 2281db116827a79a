import { describe, expect, it } from '@jest/globals';
import { createProgress, formatDuration, progressBar, remainingSeconds } from '../../src/cli/progress.js';

/** A stream that remembers, and a clock that is set by hand. */
function stage(isTTY: boolean) {
  const written: string[] = [];
  const clock = { seconds: 0 };
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { written, clock, progress: createProgress(stream, () => clock.seconds) };
}

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [75, '1 min 15 s'],
    [3725, '1 h 2 min'],
    [-3, '0 s'],
  ])('%d seconds read "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('left are extrapolated from the pace so far, unknown at the start', () => {
    expect(remainingSeconds(0, 10)).toBeNull();
    expect(remainingSeconds(0.25, 10)).toBe(30);
    expect(remainingSeconds(1, 10)).toBe(0);
  });
});

describe('progress', () => {
  it('on a terminal draws a bar with the time left, within the width', () => {
    const { written, clock, progress } = stage(true);
    clock.seconds = 10;
    progress.update(0.5, 'a cell with a name that is much too long for the terminal it is shown on');
    expect(written).toHaveLength(1);
    expect(written[0]).toContain('50 %, 10 s left');
    expect(written[0]!.replace('\r\x1b[2K', '').length).toBeLessThanOrEqual(59);
  });

  it('on a terminal clears the bar before a note', () => {
    const { written, progress } = stage(true);
    progress.update(0.5, 'x');
    progress.note('a note');
    expect(written.slice(1)).toEqual(['\r\x1b[2K', 'a note\n']);
  });

  it('in a pipe prints at most one plain line every five seconds, without control characters', () => {
    const { written, clock, progress } = stage(false);
    for (clock.seconds = 0; clock.seconds < 12; clock.seconds++) progress.update(clock.seconds / 12, 'cell');
    progress.close();
    expect(written).toEqual([' 41 %, 7 s left  cell\n', ' 83 %, 2 s left  cell\n']);
  });

  it('never draws more bar than there is', () => {
    expect(progressBar(1.5, 1, '', 200)).not.toContain('░');
  });
});
