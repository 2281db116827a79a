import {
  chain,
  conv,
  IMAGE,
  tfl,
  type LayerCases,
  type LayerCase,
  type Symbolic,
  type Applied,
} from './layer-case.js';

/** Two or three values of different origin, combined. */
const merged = (make: () => Applied, count = 2): LayerCase => ({
  shape: IMAGE,
  build: (x) =>
    make().apply([x, chain(conv, conv)(x), conv().apply(x) as Symbolic].slice(3 - count)) as Symbolic,
});
const gated = (make: () => Applied): LayerCase => ({
  shape: IMAGE,
  build: (x) => {
    const image = conv().apply(x) as Symbolic;
    const gate = chain(
      () => tfl.globalAveragePooling2d({}),
      () => tfl.reshape({ targetShape: [1, 1, 4] }),
      () => tfl.conv2d({ filters: 4, kernelSize: 1, activation: 'sigmoid' }),
    )(image);
    return make().apply([image, gate]) as Symbolic;
  },
});

/** Layers that make one value of several. */
export const mergingCases: LayerCases = {
  'Add of two images': merged(() => tfl.add()),
  'Multiply of two images': merged(() => tfl.multiply()),
  'Average of two images': merged(() => tfl.average()),
  'Maximum of two images': merged(() => tfl.maximum()),
  'Minimum of two images': merged(() => tfl.minimum()),
  'Concatenate of channels': merged(() => tfl.concatenate(), 3),
  'Concatenate of rows': merged(() => tfl.concatenate({ axis: 1 })),
  'Multiply of an image with one number per channel': gated(() => tfl.multiply()),
  'Add of an image and a vector': {
    shape: IMAGE,
    build: (x) => {
      const image = conv().apply(x) as Symbolic;
      return tfl.add().apply([image, tfl.globalMaxPooling2d({}).apply(image) as Symbolic]) as Symbolic;
    },
  },
  'Add of the input and a convolution of it': {
    shape: [5, 5, 4],
    build: (x) => conv().apply(tfl.add().apply([x, conv().apply(x) as Symbolic]) as Symbolic) as Symbolic,
  },
  'Concatenate of flattened images and a vector': {
    shape: IMAGE,
    build: (x) => {
      const image = conv().apply(x) as Symbolic;
      const flat = tfl.flatten().apply(image) as Symbolic;
      return tfl.concatenate().apply([flat, tfl.globalMaxPooling2d({}).apply(image) as Symbolic]) as Symbolic;
    },
  },
  'Add of two flattened images': {
    shape: IMAGE,
    build: (x) =>
      tfl.add().apply([conv, conv].map((make) => chain(make, () => tfl.flatten())(x))) as Symbolic,
  },
  'Add of a flattened image and a vector of its size': {
    shape: [3, 2, 3],
    build: (x) => {
      const flat = chain(conv, () => tfl.flatten())(x);
      return tfl.add().apply([flat, tfl.dense({ units: 24 }).apply(flat) as Symbolic]) as Symbolic;
    },
  },
  'Dot of two vectors': {
    shape: [6],
    build: (x) =>
      tfl.dot({ axes: -1 }).apply([3, 4].map(() => tfl.dense({ units: 5 }).apply(x) as Symbolic)) as Symbolic,
  },
};
