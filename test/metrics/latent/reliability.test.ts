import { describe, expect, it } from '@jest/globals';
import { inv } from 'mathjs';
import { fitGaussians, mahalanobisDistances } from '../../../src/metrics/latent/gaussians.js';
import { takePoints } from '../../../src/metrics/latent/points.js';
import {
  compareReliability,
  reliabilityOf,
  RIDGES,
  uncertainties,
} from '../../../src/metrics/latent/reliability.js';
import { normals, pointsOf, simplex } from './points.js';

describe('the Mahalanobis distance to the predicted class', () => {
  it('is that of the inverse covariance with a ridge, of standardised features', () => {
    const normal = normals(1);
    const [numClasses, perClass, width, lambda] = [2, 7, 3, 1e-3];
    const points = pointsOf(numClasses, perClass, width, (label, unit) => label + (unit + 1) * normal());
    const n = numClasses * perClass;
    const rows = Array.from({ length: n }, (_, i) => [...points.z.subarray(i * width, (i + 1) * width)]);
    const mean = (some: number[][]) =>
      Array.from({ length: width }, (_, j) => some.reduce((sum, row) => sum + row[j]!, 0) / some.length);
    const centre = mean(rows);
    const scale = centre.map((m, j) => Math.sqrt(rows.reduce((sum, row) => sum + (row[j]! - m) ** 2, 0) / n));
    const standard = rows.map((row) => row.map((value, j) => (value - centre[j]!) / scale[j]!));
    const found = mahalanobisDistances(fitGaussians(points), points, lambda);
    for (let i = 0; i < n; i++) {
      const ofClass = standard.filter((_row, other) => points.labels[other] === points.labels[i]);
      const m = mean(ofClass);
      const s = m.map((_, j) =>
        m.map(
          (_value, k) =>
            ofClass.reduce((sum, row) => sum + (row[j]! - m[j]!) * (row[k]! - m[k]!), 0) / perClass,
        ),
      );
      const trace = s.reduce((sum, row, j) => sum + row[j]!, 0);
      s.forEach((row, j) => (row[j]! += (lambda * trace) / width));
      const d = standard[i]!.map((value, j) => value - m[j]!);
      const square = inv(s).reduce(
        (sum, row, j) => sum + row.reduce((one, value, k) => one + d[j]! * value * d[k]!, 0),
        0,
      );
      expect(found[i]! / Math.sqrt(square)).toBeCloseTo(1, 8);
    }
  });

  it('is finite with more features than points of a class', () => {
    const normal = normals(2);
    const points = pointsOf(2, 4, 30, normal);
    const distances = mahalanobisDistances(fitGaussians(points), points, 1e-6);
    expect(distances.every((one) => Number.isFinite(one) && one > 0)).toBe(true);
  });

  it('takes only points that are predicted right', () => {
    const normal = normals(3);
    const points = pointsOf(2, 50, 2, (label) => label + normal());
    const predictions = points.labels.map((label, i) => (i < 10 ? 1 - label : label));
    const right = takePoints(
      points,
      Array.from({ length: 90 }, (_, i) => i + 10),
    );
    expect(fitGaussians({ ...points, predictions })).toEqual(fitGaussians(right));
  });

  it.each([
    [
      'a class has one member',
      (points: ReturnType<typeof pointsOf>) => takePoints(points, [0, 1, 2, 4, 6, 8]),
    ],
    [
      'all points of a class are the same',
      (points: ReturnType<typeof pointsOf>) => ({
        ...points,
        z: points.z.map((value, at) => (Math.floor(at / 2) % 2 === 1 ? 0.1 : value)),
      }),
    ],
  ])('has no value where %s: a Gaussian needs a spread', (_case, make) => {
    const normal = normals(4);
    const points = make(pointsOf(2, 10, 2, normal));
    const gaussians = fitGaussians(points);
    expect(gaussians.classes.map((one) => one === null)).toEqual([false, true]);
    const distances = mahalanobisDistances(gaussians, points, 1e-3);
    expect([...distances].map(Number.isNaN)).toEqual([...points.predictions].map((one) => one === 1));
  });

  it('does not change with features that are constant on the training points', () => {
    const normal = normals(5);
    const plain = pointsOf(2, 20, 2, normal);
    const wider = pointsOf(2, 20, 3, (_label, unit) => (unit === 2 ? 5 : 0));
    plain.z.forEach((value, at) => (wider.z[3 * Math.floor(at / 2) + (at % 2)] = value));
    const moved = { ...wider, z: wider.z.map((value, at) => (at % 3 === 2 ? 8 : value)) };
    const expected = mahalanobisDistances(fitGaussians(plain), plain, 1e-3);
    const found = mahalanobisDistances(fitGaussians(wider), moved, 1e-3);
    found.forEach((one, i) => expect(one).toBeCloseTo(expected[i]!, 10));
  });
});

describe('reliability', () => {
  const normal = normals(6);
  const train = pointsOf(3, 200, 3, (label, unit) => simplex(label, unit) + 0.05 * normal());
  const clean = pointsOf(3, 40, 3, (label, unit) => simplex(label, unit) + 0.05 * normal());
  // The first twenty are predicted wrong, and lie half way to nowhere.
  const test = {
    ...clean,
    z: clean.z.map((value, at) => (at < 60 ? value + 0.5 : value)),
    predictions: clean.labels.map((label, i) => (i < 20 ? (label + 1) % 3 : label)),
  };
  const uncertainty = Float64Array.from(clean.labels, (_label, i) => i % 7);
  const found = reliabilityOf({ train, test, uncertainty, toBook: null });

  it('is perfect where wrong predictions lie outside their class, by each ridge', () => {
    expect(found).toMatchObject({
      right: 100,
      wrong: 20,
      unscored: 0,
      classesWithoutGaussian: 0,
      hamming: null,
    });
    expect(found.mahalanobis.map(({ ridge }) => ridge)).toEqual([...RIDGES]);
    for (const { auroc } of found.mahalanobis)
      expect(auroc).toEqual({ value: 1, interval: { lower: 1, upper: 1 } });
  });

  it('of an uninformative score is near one half', () => {
    expect(Math.abs(found.softmax!.value - 0.5)).toBeLessThan(0.1);
    expect(found.softmax!.interval!.lower).toBeLessThan(0.5);
  });

  it('counts images whose predicted class has no Gaussian, and leaves them out of all scores', () => {
    const few = takePoints(
      train,
      [...train.labels.keys()].filter((i) => train.labels[i] !== 2),
    );
    const some = reliabilityOf({ train: few, test, uncertainty, toBook: null });
    const unscored = test.predictions.reduce((sum, one) => sum + Number(one === 2), 0);
    expect(some).toMatchObject({ unscored, classesWithoutGaussian: 1 });
    expect(some.right + some.wrong).toBe(120 - unscored);
  });

  it('has no value without a wrong prediction', () => {
    const perfect = reliabilityOf({ train, test: clean, uncertainty, toBook: null });
    expect(perfect.softmax).toBeNull();
    expect(perfect.mahalanobis.map(({ auroc }) => auroc)).toEqual([null, null, null]);
  });
});

describe('the uncertainty of a softmax', () => {
  it('is 1 - its largest probability', () => {
    const [even, third] = uncertainties(
      Float32Array.of(1, 1, -Infinity, 0, 0, 0).map((one) => Math.max(one, -1e4)),
      3,
    );
    expect(even).toBeCloseTo(1 / 2, 12);
    expect(third).toBeCloseTo(2 / 3, 12);
  });

  it('tells apart what is 1 in float64', () => {
    const [less, more] = uncertainties(Float32Array.of(50, 0, 60, 0), 2);
    expect(less).toBeGreaterThan(more!);
    expect(1 - less!).toBe(1);
  });
});

describe('the order of models by reliability', () => {
  const model = (name: string, ...values: (number | null)[]) => ({
    name,
    reliability: {
      mahalanobis: values.map((value, i) => ({
        ridge: RIDGES[i]!,
        auroc: value === null ? null : { value, interval: null },
      })),
    },
  });

  it('does not change when one is better at every ridge', () => {
    const { orders, changes } = compareReliability([model('a', 0.8, 0.7, 0.9), model('b', 0.9, 0.8, 0.95)]);
    expect({ changes, names: orders.map(({ names }) => names) }).toEqual({
      changes: false,
      names: [
        ['b', 'a'],
        ['b', 'a'],
        ['b', 'a'],
      ],
    });
  });

  it('is flagged when it depends on the ridge, models without a value left out', () => {
    const order = compareReliability([
      model('a', 0.8, 0.9, 0.8),
      model('b', 0.9, 0.8, 0.9),
      model('c', null, null, null),
    ]);
    expect(order).toMatchObject({ changes: true, without: ['c'] });
  });
});
