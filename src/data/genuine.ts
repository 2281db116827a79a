/**
 * Where a hash is from. `publisher`: the publisher gives it. `copy`: computed from a copy known to be genuine, because what it
 * was packed in has the publisher's hash, or because sources that do not know of each other have the same. `reported`: others
 * report it, and nothing here could confirm it.
 */
export type HashOrigin = 'publisher' | 'copy' | 'reported';

interface GenuineFile {
  /** SHA-256 of the content, decompressed where the file is gzip. */
  readonly sha256: string;
  readonly origin: HashOrigin;
}

const copy = (sha256: string): GenuineFile => ({ sha256, origin: 'copy' });
const reported = (sha256: string): GenuineFile => ({ sha256, origin: 'reported' });

/** Content of the files of the known data sets, by file name without `.gz`, with hyphens where MNIST's names have dots. */
export const genuineFiles: Readonly<Record<string, Readonly<Record<string, GenuineFile>>>> = {
  mnist: {
    'train-images-idx3-ubyte': copy('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db'),
    'train-labels-idx1-ubyte': copy('65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5'),
    't10k-images-idx3-ubyte': copy('0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'),
    't10k-labels-idx1-ubyte': copy('ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'),
  },
  'fashion-mnist': {
    'train-images-idx3-ubyte': copy('c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888'),
    'train-labels-idx1-ubyte': copy('bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9'),
    't10k-images-idx3-ubyte': copy('5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b'),
    't10k-labels-idx1-ubyte': copy('0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'),
  },
  cifar10: {
    'data_batch_1.bin': copy('cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
    'data_batch_2.bin': copy('a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
    'data_batch_3.bin': reported('bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
    'data_batch_4.bin': reported('014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
    'data_batch_5.bin': reported('755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
    'test_batch.bin': reported('8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b'),
    'test_batch_first1000.bin': copy('8314c96d7cd65618193bab23acdd5d4c4af15bf6dd00a1781d55beedf3be1ef5'),
  },
  cifar100: {
    'train.bin': reported('f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29'),
    'test.bin': reported('d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a'),
  },
};
