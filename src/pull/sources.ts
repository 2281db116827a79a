import type { HashOrigin } from '../data/genuine.js';

/** A hash that a download must have. */
export interface ExpectedHash {
  readonly algorithm: 'md5' | 'sha256';
  /** Lower-case hex. */
  readonly hex: string;
  readonly origin: HashOrigin;
}

/** A file that can be downloaded. */
export interface RemoteFile {
  readonly name: string;
  /** Where it is, tried in this order. */
  readonly urls: readonly string[];
  /** Size, for people; null where it is not known. Only hashes decide. */
  readonly bytes: number | null;
  /** All of them are checked; with none, the file is taken only when told to. */
  readonly hashes: readonly ExpectedHash[];
  /** How it is packed and the folder it unpacks to; absent where it is read as it is. */
  readonly unpack?: { readonly kind: 'tar' | 'tar.gz' | 'zip'; readonly folder: string };
}

/** The files of a data set or archive that can be downloaded, by its id. */
export type RemoteSets = Readonly<Record<string, readonly RemoteFile[]>>;

const md5 = (hex: string): ExpectedHash => ({ algorithm: 'md5', hex, origin: 'publisher' });
const copy = (hex: string): ExpectedHash => ({ algorithm: 'sha256', hex, origin: 'copy' });
const reported = (hex: string): ExpectedHash => ({ algorithm: 'sha256', hex, origin: 'reported' });

/** The four files of MNIST. Its own site no longer serves them; these copies have the MD5s that the files are known by. */
const mnist = (name: string, bytes: number, ...hashes: ExpectedHash[]): RemoteFile => ({
  name,
  urls: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ].map((base) => base + name),
  bytes,
  hashes,
});

const fashion = (name: string, bytes: number, ...hashes: ExpectedHash[]): RemoteFile => ({
  name,
  urls: [
    `https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/${name}`,
    `http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/${name}`,
  ],
  bytes,
  hashes,
});

const cifar = (name: string, folder: string, bytes: number, ...hashes: ExpectedHash[]): RemoteFile[] => [
  {
    name,
    urls: [`https://www.cs.toronto.edu/~kriz/${name}`],
    bytes,
    hashes,
    unpack: { kind: 'tar.gz', folder },
  },
];

const zenodo = (
  record: number,
  name: string,
  unpack: { kind: 'tar' | 'zip'; folder: string },
  bytes: number | null,
  ...hashes: ExpectedHash[]
): RemoteFile[] => [
  { name, urls: [`https://zenodo.org/records/${record}/files/${name}?download=1`], bytes, hashes, unpack },
];

export const remoteSets: RemoteSets = {
  mnist: [
    mnist(
      'train-images-idx3-ubyte.gz',
      9_912_422,
      md5('f68b3c2dcbeaaa9fbdd348bbdeb94873'),
      copy('440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'),
    ),
    mnist(
      'train-labels-idx1-ubyte.gz',
      28_881,
      md5('d53e105ee54ea40749a09fcbcd1e9432'),
      copy('3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'),
    ),
    mnist(
      't10k-images-idx3-ubyte.gz',
      1_648_877,
      md5('9fb629c4189551a2d022fa330f9573f3'),
      copy('8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'),
    ),
    mnist(
      't10k-labels-idx1-ubyte.gz',
      4_542,
      md5('ec29112dd5afa0611ce80d1b7f02629c'),
      copy('f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'),
    ),
  ],
  'fashion-mnist': [
    fashion(
      'train-images-idx3-ubyte.gz',
      26_421_880,
      md5('8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
      copy('3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'),
    ),
    fashion(
      'train-labels-idx1-ubyte.gz',
      29_515,
      md5('25c81989df183df01b3e8a0aad5dffbe'),
      copy('a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'),
    ),
    fashion(
      't10k-images-idx3-ubyte.gz',
      4_422_102,
      md5('bef4ecab320f06d8554ea6380940ec79'),
      copy('346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'),
    ),
    fashion(
      't10k-labels-idx1-ubyte.gz',
      5_148,
      md5('bb300cfdad3c16e7a12a480ee83cd310'),
      copy('67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'),
    ),
  ],
  cifar10: cifar(
    'cifar-10-binary.tar.gz',
    'cifar-10-batches-bin',
    170_052_171,
    md5('c32a1d4ab5d03f1284b67883e8d87530'),
    reported('c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'),
  ),
  cifar100: cifar(
    'cifar-100-binary.tar.gz',
    'cifar-100-binary',
    168_513_733,
    md5('03b5dce01913d631647c71ecec9e9cb8'),
    reported('58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec'),
  ),
  'mnist-c': zenodo(
    3239543,
    'mnist_c.zip',
    { kind: 'zip', folder: 'mnist_c' },
    null,
    md5('4b34b33045869ee6d424616cd3a65da3'),
    reported('af9ee8c6a815870c7fdde5af84c7bf8db0bcfa1f41056db83871037fba70e493'),
  ),
  'cifar10-c': zenodo(
    2535967,
    'CIFAR-10-C.tar',
    { kind: 'tar', folder: 'CIFAR-10-C' },
    2_918_471_680,
    md5('56bf5dcef84df0e2308c6dcbcbbd8499'),
    reported('c72763e101c723b7c507b96205f7e938912a5d587376173b825850cf3cb876a7'),
  ),
  'cifar100-c': zenodo(
    3555552,
    'CIFAR-100-C.tar',
    { kind: 'tar', folder: 'CIFAR-100-C' },
    2_918_473_216,
    md5('11f0ed0f1191edbf9fa23466ae6021d3'),
  ),
};
