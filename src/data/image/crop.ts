import type { DecodedImage } from './decoded.js';

/**
 * The middle `size` x `size` pixels; a side no longer than `size` stays as it is. Where the rest is odd the first pixel is
 * the one torchvision's CenterCrop takes: half of it, rounded to even.
 */
export function centreCrop(image: DecodedImage, size: number): DecodedImage {
  const [channels, height, width] = image.shape;
  const [rows, columns] = [Math.min(size, height), Math.min(size, width)];
  if (rows === height && columns === width) return image;
  const [top, left] = [roundHalfEven((height - rows) / 2), roundHalfEven((width - columns) / 2)];
  const data = new Uint8Array(channels * rows * columns);
  for (let channel = 0; channel < channels; channel++) {
    for (let row = 0; row < rows; row++) {
      const from = (channel * height + top + row) * width + left;
      data.set(image.data.subarray(from, from + columns), (channel * rows + row) * columns);
    }
  }
  return { shape: [channels, rows, columns], data };
}

function roundHalfEven(value: number): number {
  const whole = Math.floor(value);
  if (value - whole !== 0.5) return Math.round(value);
  return whole + (whole % 2);
}
