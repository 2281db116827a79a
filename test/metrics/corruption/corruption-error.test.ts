import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { corruptionError, meanCorruptionError } from '../../../src/metrics/corruption/corruption-error.js';
import { meanUnnormalisedError, unnormalisedError } from '../../../src/metrics/corruption/error-sums.js';
import { sumErrors } from '../../../src/metrics/corruption/image-errors.js';
import {
  meanRelativeCorruptionError,
  relativeCorruptionError,
} from '../../../src/metrics/corruption/relative-error.js';
import { shares, someImageErrors } from './errors.js';

const model = shares(0.1, { noise: [0.2, 0.4], blur: [0.1, 0.3] });
const baseline = shares(0.2, { noise: [0.4, 0.8], blur: [0.4, 0.4] });

describe('the unnormalised error', () => {
  it('of a corruption is the mean over its severities, and its mean is over all cells', () => {
    expect(unnormalisedError(model.corruptions.get('noise')!, 1)).toBeCloseTo(0.3, 12);
    expect(meanUnnormalisedError(model)).toBeCloseTo(0.25, 12);
    expect(meanUnnormalisedError(shares(0, { a: [1], b: [0, 0, 0] }))).toBeCloseTo(0.25, 12);
  });
});

describe('the corruption error', () => {
  it('is the sum of errors over severities divided by that of the baseline', () => {
    expect(corruptionError('noise', model, baseline)).toEqual({ value: expect.closeTo(0.6 / 1.2, 12) });
    expect(corruptionError('blur', model, baseline)).toEqual({ value: expect.closeTo(0.4 / 0.8, 12) });
  });

  it('is a ratio of sums, not a mean of ratios', () => {
    const [ours, theirs] = [shares(0, { noise: [0.1, 0.5] }), shares(0, { noise: [0.1, 1] })];
    const { value } = corruptionError('noise', ours, theirs);
    expect(value).toBeCloseTo(0.6 / 1.1, 12);
    expect(value).not.toBeCloseTo((1 + 0.5) / 2, 2);
  });

  it('does not depend on how many images each was measured on', () => {
    const counted = {
      images: 50,
      clean: 5,
      corruptions: new Map([['noise', { severities: 2, errors: 30 }]]),
    };
    expect(corruptionError('noise', counted, baseline).value).toBeCloseTo(0.5, 12);
  });

  it('of a baseline without errors, without the corruption or over other severities has a reason and no value', () => {
    const flawless = shares(0, { noise: [0, 0], blur: [0.1] });
    const reasonOf = (id: string) => corruptionError(id, model, flawless);
    expect(reasonOf('noise')).toEqual({ value: null, reason: 'the baseline makes no error' });
    expect(reasonOf('blur')).toEqual({
      value: null,
      reason: "the baseline's errors are over 1 severities, not 2",
    });
    expect(reasonOf('fog')).toEqual({ value: null, reason: 'the model has no errors for it' });
    expect(corruptionError('blur', model, shares(0, {}))).toEqual({
      value: null,
      reason: 'the baseline has no errors for it',
    });
    expect(meanCorruptionError(model, flawless)).toEqual({
      value: null,
      reason: 'noise: the baseline makes no error',
    });
  });

  it('has as its mean the mean over the corruptions that the baseline has', () => {
    expect(meanCorruptionError(model, shares(0.2, { noise: [0.3, 0.3] })).value).toBeCloseTo(1, 12);
    const mixed = shares(0.2, { noise: [0.3, 0.3], blur: [0.2, 0] });
    expect(meanCorruptionError(model, mixed).value).toBeCloseTo((1 + 2) / 2, 12);
    expect(meanCorruptionError(model, shares(0, {})).value).toBeNull();
  });
});

describe('the relative corruption error', () => {
  it('is the accuracy lost over severities divided by that of the baseline', () => {
    expect(relativeCorruptionError('noise', model, baseline).value).toBeCloseTo(
      (0.6 - 0.2) / (1.2 - 0.4),
      12,
    );
    expect(meanRelativeCorruptionError(model, baseline).value).toBeCloseTo((0.4 / 0.8 + 0.2 / 0.4) / 2, 12);
  });

  it('is negative for a model that is better under the corruption than without it', () => {
    expect(relativeCorruptionError('noise', shares(0.5, { noise: [0.2, 0.4] }), baseline).value).toBeCloseTo(
      -0.4 / 0.8,
      12,
    );
  });

  it.each([
    [
      'nothing, to the last digit',
      { images: 10, clean: 3, corruptions: new Map([['noise', { severities: 3, errors: 9 }]]) },
    ],
    [
      'less than nothing',
      { images: 10, clean: 3, corruptions: new Map([['noise', { severities: 3, errors: 8 }]]) },
    ],
  ])('has no value against a baseline that loses %s', (_what, theirs) => {
    const ours = { images: 10, clean: 1, corruptions: new Map([['noise', { severities: 3, errors: 9 }]]) };
    expect(relativeCorruptionError('noise', ours, theirs)).toEqual({
      value: null,
      reason: 'the baseline loses no accuracy',
    });
  });

  it('has no value where errors without corruption are not known', () => {
    const unknown = { value: null, reason: 'errors without corruption are not known' };
    expect(relativeCorruptionError('noise', { ...model, clean: null }, baseline)).toEqual(unknown);
    expect(relativeCorruptionError('noise', model, { ...baseline, clean: null })).toEqual(unknown);
  });
});

describe('any baseline against itself', () => {
  it('has a corruption error of exactly 1 wherever it has one, and so has the mean', () => {
    fc.assert(
      fc.property(someImageErrors, (errors) => {
        const sums = sumErrors(errors);
        const figures = [...sums.corruptions.keys()].flatMap((id) => [
          corruptionError(id, sums, sums),
          relativeCorruptionError(id, sums, sums),
        ]);
        for (const figure of [
          ...figures,
          meanCorruptionError(sums, sums),
          meanRelativeCorruptionError(sums, sums),
        ])
          expect(figure.value ?? 1).toBe(1);
        if (sums.corruptions.get('noise')!.errors > 0)
          expect(corruptionError('noise', sums, sums).value).toBe(1);
      }),
    );
  });
});

describe('errors summed over images', () => {
  it('do not depend on the order of the images', () => {
    fc.assert(
      fc.property(someImageErrors, fc.infiniteStream(fc.nat()), (errors, keys) => {
        const order = Array.from({ length: errors.images }, (_v, i) => [keys.next().value ?? 0, i] as const)
          .sort(([a], [b]) => a - b)
          .map(([, i]) => i);
        const permute = (values: Uint8Array) => Uint8Array.from(order, (i) => values[i]!);
        const permuted = {
          ...errors,
          clean: permute(errors.clean!),
          corruptions: new Map(
            [...errors.corruptions].map(([id, { severities, errors: each }]) => [
              id,
              { severities, errors: permute(each) },
            ]),
          ),
        };
        expect(sumErrors(permuted)).toEqual(sumErrors(errors));
      }),
    );
  });

  it('count an image as often as it is drawn', () => {
    const errors = {
      images: 3,
      clean: Uint8Array.of(1, 0, 0),
      corruptions: new Map([['noise', { severities: 5, errors: Uint8Array.of(5, 2, 0) }]]),
    };
    expect(sumErrors(errors, Uint16Array.of(0, 2, 1))).toEqual({
      images: 3,
      clean: 0,
      corruptions: new Map([['noise', { severities: 5, errors: 4 }]]),
    });
  });
});
