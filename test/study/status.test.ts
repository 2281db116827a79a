import { expect, it } from '@jest/globals';
import { buildStudy } from '../../src/study/build.js';
import { renderStatus, renderStep } from '../../src/study/status.js';
import { smallPlan, wholeStudy } from './synthetic.js';

it('the status of a study says of each part how much is done and what comes next', () => {
  const whole = wholeStudy(() => ({}));
  const lines = renderStatus(buildStudy(smallPlan, { ...whole, runs: whole.runs.slice(2) })).split('\n');
  expect(lines).toEqual([
    'search: 6 of 6',
    'replicate: 15 of 15',
    'long: 0 of 0',
    `measured: 13 of 15; next ${whole.runs[0]!.id}`,
  ]);
});

it('the end of a step counts what became of its parts and gives each reason once', () => {
  const text = renderStep([
    { id: 'a', status: 'done' },
    { id: 'b', status: 'done' },
    { id: 'c', status: 'blocked', reason: 'no rate' },
    { id: 'd', status: 'blocked', reason: 'no rate' },
    { id: 'e', status: 'failed', reason: 'no data' },
  ]);
  expect(text.split('\n')).toEqual(['2 done, 2 blocked, 1 failed', 'blocked: no rate', 'e: no data']);
});
