import type { PublishedBaseline } from './published.js';

/**
 * AlexNet on ImageNet-C, which mCE is defined by: mean top-1 error over the five severities per corruption, from the set's authors
 * (hendrycks/robustness) as the AugMix scripts repeat them, all whole multiples of 1 / (5 * 50,000); clean error as the paper gives
 * it, with three digits (Hendrycks and Dietterich 2019, arXiv:1903.12261, table 1).
 */
export const alexnet: PublishedBaseline = {
  id: 'alexnet',
  source: 'Hendrycks and Dietterich 2019, arXiv:1903.12261; errors on the 50,000 JPEG images of ImageNet-C',
  profile: 'imagenet',
  severities: [1, 2, 3, 4, 5],
  clean: 0.435,
  errors: {
    gaussian_noise: 0.886428,
    shot_noise: 0.894468,
    impulse_noise: 0.92264,
    defocus_blur: 0.81988,
    glass_blur: 0.826268,
    motion_blur: 0.785948,
    zoom_blur: 0.79836,
    snow: 0.866816,
    frost: 0.826572,
    fog: 0.819324,
    brightness: 0.564592,
    contrast: 0.853204,
    elastic_transform: 0.646056,
    pixelate: 0.71784,
    jpeg_compression: 0.6065,
  },
};
