import { describe, expect, it } from '@jest/globals';
import { trainingsOf } from '../../src/study/plan.js';
import { chooseLearningRates, learningRateOf } from '../../src/study/selection.js';
import { smallPlan, trainingOf } from './synthetic.js';

const [slow, fast] = trainingsOf(smallPlan).filter(
  ({ head, part }) => part === 'search' && head === 'linpen',
);
const place = { setting: 'toy-mlp', head: 'linpen' };
const chosen = (trainings: Parameters<typeof chooseLearningRates>[1]) =>
  learningRateOf(chooseLearningRates(smallPlan, trainings), place);

describe('the learning rate of a head', () => {
  it('is the candidate with the most right validation images', () => {
    expect(chosen([trainingOf(slow!, 901), trainingOf(fast!, 902)])).toBe(3e-3);
    expect(chosen([trainingOf(slow!, 902), trainingOf(fast!, 901)])).toBe(1e-3);
  });

  it('is the one with the smaller cross-entropy of equals, then the smaller one', () => {
    expect(chosen([trainingOf(slow!, 901, 0.2), trainingOf(fast!, 901, 0.1)])).toBe(3e-3);
    expect(chosen([trainingOf(fast!, 901, 0.1), trainingOf(slow!, 901, 0.1)])).toBe(1e-3);
  });

  it('does not depend on the test images', () => {
    const worse = trainingOf(slow!, 902);
    const accuracy = { ...worse.accuracy, test: { correct: 0, n: 1000 } };
    expect(chosen([{ ...worse, accuracy }, trainingOf(fast!, 901)])).toBe(1e-3);
  });

  it('is open until every candidate has been tried, and is not chosen by replicates', () => {
    const replicate = trainingsOf(smallPlan).find(({ id }) => id === 'toy-mlp-linpen-s0')!;
    expect(chosen([trainingOf(slow!)])).toBeNull();
    expect(chosen([trainingOf(slow!), trainingOf({ ...replicate, learningRate: 3e-3 })])).toBeNull();
  });
});
