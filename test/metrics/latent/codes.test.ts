import { describe, expect, it } from '@jest/globals';
import { binarityOf } from '../../../src/metrics/latent/binarity.js';
import {
  binarise,
  codeBook,
  hammingToBook,
  sameEncodingFraction,
} from '../../../src/metrics/latent/codes.js';
import { distanceToBook } from '../../../src/metrics/latent/vertices.js';
import { pointsOf } from './points.js';

const cube = (label: number, unit: number) => ((label >> unit) & 1) * 2 - 1;
const signs = new Float64Array(3);

describe('the code book', () => {
  const points = pointsOf(8, 4, 3, cube);
  const book = codeBook(binarise(points, signs), 3, points.labels, 8);

  it('of a cube has the vertices as words, and their Hamming distances', () => {
    expect(book.words.map(({ word }) => word)).toEqual([
      '000',
      '100',
      '010',
      '110',
      '001',
      '101',
      '011',
      '111',
    ]);
    expect(book.distances[0]).toEqual([0, 1, 1, 2, 1, 2, 2, 3]);
    expect(book).toMatchObject({ empty: 0, distinct: 8, minimumDistance: 1 });
    expect(sameEncodingFraction(book)).toBe(1);
  });

  it('takes the most common word of a class, the first in lexical order of equally common ones', () => {
    const bits = Uint8Array.of(1, 0, 0, 1, 1, 1, /* class 1 */ 1, 0, 0, 0, 0, 0);
    const owner = Int32Array.of(0, 0, 0, 1, 1, 1);
    const { words, distances, distinct } = codeBook(bits, 2, owner, 3);
    expect(words).toEqual([
      { class: 0, word: '01', count: 1, n: 3 },
      { class: 1, word: '00', count: 2, n: 3 },
    ]);
    expect({ distances, distinct }).toEqual({
      distances: [
        [0, 1],
        [1, 0],
      ],
      distinct: 2,
    });
  });

  it('counts classes without examples, and has no distance of a single word', () => {
    const one = codeBook(Uint8Array.of(1, 1), 1, Int32Array.of(2, 2), 5);
    expect(one).toMatchObject({ empty: 4, distinct: 1, minimumDistance: null });
    const none = codeBook(new Uint8Array(0), 1, new Int32Array(0), 5);
    expect(sameEncodingFraction(none)).toBeNull();
    expect(() => hammingToBook(Uint8Array.of(1), 1, none)).toThrow(RangeError);
  });

  it('shows that two classes have the same word', () => {
    const same = codeBook(Uint8Array.of(1, 1), 1, Int32Array.of(0, 1), 2);
    expect(same).toMatchObject({ distinct: 1, minimumDistance: 0 });
  });
});

describe('the fraction with the encoding of their class', () => {
  // Two values 1 and 3: all of one sign, and yet a code.
  const shifted = pointsOf(2, 50, 2, (label, unit) => (label === unit ? 3 : 1));

  it('by sign sees no code in values of one sign, by the midpoint of the mixture it does', () => {
    const bySign = codeBook(binarise(shifted, [0, 0]), 2, shifted.labels, 2);
    const { coordinates } = binarityOf(shifted);
    const midpoints = coordinates.map(({ threshold }) => threshold);
    const byMidpoint = codeBook(binarise(shifted, midpoints), 2, shifted.labels, 2);
    expect(bySign.words.map(({ word }) => word)).toEqual(['11', '11']);
    expect(byMidpoint.words.map(({ word }) => word)).toEqual(['10', '01']);
    expect(midpoints).toEqual([2, 2]);
  });

  it('is the share of the most common words', () => {
    const bits = Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 1);
    expect(sameEncodingFraction(codeBook(bits, 1, Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1), 2))).toBe(6 / 8);
  });
});

describe('the distance to the nearest code word', () => {
  const points = pointsOf(2, 20, 3, (label, unit) => (unit === 2 ? 9 : label * 4 - 2));
  const binarity = binarityOf(points);
  const book = codeBook(
    binarise(
      points,
      binarity.coordinates.map(({ threshold }) => threshold),
    ),
    3,
    points.labels,
    2,
  );
  const labels = Int32Array.of(0, 0, 0);
  const probes = {
    ...points,
    labels,
    predictions: labels,
    z: Float64Array.of(-2, -2, 9, 2, -2, 50, 4, 2, 9),
  };

  it('in bits is that to the nearest of all words', () => {
    const bits = binarise(probes, [0, 0, 9]);
    expect([...hammingToBook(bits, 3, book)]).toEqual([0, 2, 0]);
    expect([...hammingToBook(binarise(probes, [0, 0, 99]), 3, book)]).toEqual([0, 1, 0]);
  });

  it('in latent space is in standard deviations of each coordinate, constant ones left out', () => {
    // Values -2 and 2 have a deviation of 2.
    const [onVertex, between, beside] = distanceToBook(probes, book, binarity);
    expect(onVertex).toBeCloseTo(0, 12);
    expect(between).toBeCloseTo(2, 12);
    expect(beside).toBeCloseTo(1, 12);
  });
});
