import { LEVELS } from '../data/images.js';
import { exampleSize } from '../tensor/batch.js';
import { corruptionOf } from './corrupted-images.js';
import { inputHashes } from './corruption-shard.js';
import type { CorruptedResult, Job } from './job.js';
import type { Services } from './services.js';

/**
 * Makes corrupted images and nothing else, as an image file holds them: bytes, channels last. Built-in corruptions give whole
 * grey levels, so nothing is lost; what a plugin gives in between is rounded to the nearest.
 */
export async function corruptedPixels(
  { data, plan, seed, from, to }: Extract<Job, { kind: 'corrupt' }>,
  services: Pick<Services, 'dataset' | 'corruption' | 'textures' | 'archive'>,
): Promise<CorruptedResult> {
  const dataset = await services.dataset(data);
  const originals = await dataset.read(data.indices.slice(from, to));
  const corrupted = await (await corruptionOf(plan, { seed, data }, services))(originals);
  const size = exampleSize(corrupted);
  const [channels, height, width] = corrupted.shape as [number, number, number];
  const area = height * width;
  const pixels = new Uint8Array(corrupted.data.length);
  const values = new Float32Array(corrupted.data.length);
  for (let image = 0; image < pixels.length; image += size) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        const at = image + channel * area + place;
        const level = Math.round(corrupted.data[at]! * 255);
        pixels[image + place * channels + channel] = level;
        values[at] = LEVELS[level]!;
      }
    }
  }
  return { kind: 'corrupted', pixels, inputHashes: inputHashes({ ...corrupted, data: values }) };
}
