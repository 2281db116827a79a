import type { Dataset } from '../data/dataset.js';

const CHUNK = 1000;

/** Mean and standard deviation of every channel over all pixels of the given images, in float64. */
export async function channelStatistics(
  data: Dataset,
  indices: Uint32Array,
): Promise<{ mean: number[]; std: number[] }> {
  const channels = data.shape[0]!;
  const plane = data.shape.slice(1).reduce((product, dim) => product * dim, 1);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let start = 0; start < indices.length; start += CHUNK) {
    const { data: pixels } = await data.read([...indices.subarray(start, start + CHUNK)]);
    for (let at = 0; at < pixels.length; at += plane) {
      const channel = (at / plane) % channels;
      let sum = 0;
      let square = 0;
      for (let i = at; i < at + plane; i++) {
        sum += pixels[i]!;
        square += pixels[i]! ** 2;
      }
      sums[channel]! += sum;
      squares[channel]! += square;
    }
  }
  const n = indices.length * plane;
  const mean = Array.from(sums, (sum) => sum / n);
  const std = mean.map((centre, channel) => Math.sqrt(squares[channel]! / n - centre ** 2));
  return { mean, std };
}
