/**
 * The 8 x 8 discrete cosine transform and its inverse in whole numbers, as nearly every JPEG codec computes them ("islow" in the
 * Independent JPEG Group's library): Loeffler, Ligtenberg, Moschytz, "Practical fast 1-D DCT algorithms with 11
 * multiplications", ICASSP 1989, with constants of 13 fractional bits. Equal on every machine.
 */
const FRACTION_BITS = 13;
/** Fractional bits kept between the two passes. */
const PASS_BITS = 2;

const fixed = (value: number): number => Math.round(value * 2 ** FRACTION_BITS);
const EVEN = fixed(0.5411961);
const EVEN_2 = fixed(0.765366865);
const EVEN_6 = fixed(1.847759065);
const ODD = fixed(1.175875602);
const ODD_1 = fixed(1.50132111);
const ODD_3 = fixed(3.072711026);
const ODD_5 = fixed(2.053119869);
const ODD_7 = fixed(0.298631336);
const CROSS_17 = fixed(0.899976223);
const CROSS_35 = fixed(2.562915447);
const CROSS_37 = fixed(1.96157056);
const CROSS_15 = fixed(0.390180644);

/** Transforms 64 samples less 128, row by row, in place; the coefficients are 8 times those of the orthonormal transform. */
export function forwardDct(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) forwardLine(block, row, 1, FRACTION_BITS - PASS_BITS);
  for (let column = 0; column < 8; column++) forwardLine(block, column, 8, FRACTION_BITS + PASS_BITS);
}

/** Transforms 64 dequantised coefficients, in place, into samples less 128, not yet clipped. */
export function inverseDct(block: Int32Array): void {
  for (let column = 0; column < 8; column++) inverseLine(block, column, 8, FRACTION_BITS - PASS_BITS);
  // Each pass scales by the square root of 8: three bits for both.
  for (let row = 0; row < 64; row += 8) inverseLine(block, row, 1, FRACTION_BITS + PASS_BITS + 3);
}

function forwardLine(block: Int32Array, at: number, stride: number, shift: number): void {
  const [at1, at2, at3, at4] = [at + stride, at + 2 * stride, at + 3 * stride, at + 4 * stride];
  const [at5, at6, at7] = [at + 5 * stride, at + 6 * stride, at + 7 * stride];
  const half = 1 << (shift - 1);
  const sum07 = block[at]! + block[at7]!;
  const sum16 = block[at1]! + block[at6]!;
  const sum25 = block[at2]! + block[at5]!;
  const sum34 = block[at3]! + block[at4]!;
  const gap07 = block[at]! - block[at7]!;
  const gap16 = block[at1]! - block[at6]!;
  const gap25 = block[at2]! - block[at5]!;
  const gap34 = block[at3]! - block[at4]!;

  const outer = sum07 - sum34;
  const inner = sum16 - sum25;
  const even = (outer + inner) * EVEN;
  block[at] = (((sum07 + sum34 + sum16 + sum25) << FRACTION_BITS) + half) >> shift;
  block[at4] = (((sum07 + sum34 - sum16 - sum25) << FRACTION_BITS) + half) >> shift;
  block[at2] = (even + outer * EVEN_2 + half) >> shift;
  block[at6] = (even - inner * EVEN_6 + half) >> shift;

  const odd = (gap34 + gap25 + gap16 + gap07) * ODD;
  const cross17 = (gap34 + gap07) * CROSS_17;
  const cross35 = (gap25 + gap16) * CROSS_35;
  const cross37 = odd - (gap34 + gap16) * CROSS_37;
  const cross15 = odd - (gap25 + gap07) * CROSS_15;
  block[at7] = (gap34 * ODD_7 - cross17 + cross37 + half) >> shift;
  block[at5] = (gap25 * ODD_5 - cross35 + cross15 + half) >> shift;
  block[at3] = (gap16 * ODD_3 - cross35 + cross37 + half) >> shift;
  block[at1] = (gap07 * ODD_1 - cross17 + cross15 + half) >> shift;
}

function inverseLine(block: Int32Array, at: number, stride: number, shift: number): void {
  const [at1, at2, at3, at4] = [at + stride, at + 2 * stride, at + 3 * stride, at + 4 * stride];
  const [at5, at6, at7] = [at + 5 * stride, at + 6 * stride, at + 7 * stride];
  const half = 1 << (shift - 1);
  const [c1, c2, c3, c5, c6, c7] = [
    block[at1]!,
    block[at2]!,
    block[at3]!,
    block[at5]!,
    block[at6]!,
    block[at7]!,
  ];

  const even = (c2 + c6) * EVEN;
  const even2 = even + c2 * EVEN_2;
  const even6 = even - c6 * EVEN_6;
  const sum = (block[at]! + block[at4]!) << FRACTION_BITS;
  const gap = (block[at]! - block[at4]!) << FRACTION_BITS;

  const odd = (c7 + c5 + c3 + c1) * ODD;
  const cross17 = (c7 + c1) * CROSS_17;
  const cross35 = (c5 + c3) * CROSS_35;
  const cross37 = odd - (c7 + c3) * CROSS_37;
  const cross15 = odd - (c5 + c1) * CROSS_15;
  const odd0 = c1 * ODD_1 - cross17 + cross15;
  const odd1 = c3 * ODD_3 - cross35 + cross37;
  const odd2 = c5 * ODD_5 - cross35 + cross15;
  const odd3 = c7 * ODD_7 - cross17 + cross37;

  block[at] = (sum + even2 + odd0 + half) >> shift;
  block[at7] = (sum + even2 - odd0 + half) >> shift;
  block[at1] = (gap + even6 + odd1 + half) >> shift;
  block[at6] = (gap + even6 - odd1 + half) >> shift;
  block[at2] = (gap - even6 + odd2 + half) >> shift;
  block[at5] = (gap - even6 - odd2 + half) >> shift;
  block[at3] = (sum - even2 + odd3 + half) >> shift;
  block[at4] = (sum - even2 - odd3 + half) >> shift;
}
