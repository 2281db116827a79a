'use strict';
/**
 * @swc/jest, with the globals that hot code reads bound once per module. Jest runs tests in a VM context, where each lookup of a
 * global goes through the context's interceptors and costs a hundred times what it costs outside; numerical code that says
 * `Math.abs` in its inner loop would spend most of its time there. The line is put before the first one, so that line numbers stay.
 */
const swc = require('@swc/jest');

const HOT = [
  'Math',
  'Number',
  'Infinity',
  'NaN',
  'Array',
  'Object',
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'Uint8Array',
  'Uint32Array',
  'BigInt',
  'Map',
  'Set',
];
const BOUND = `const { ${HOT.join(', ')} } = globalThis;`;

module.exports = {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    const bind = (result) => ({ ...result, code: BOUND + result.code });
    return {
      ...inner,
      process: (...args) => bind(inner.process(...args)),
      processAsync: async (...args) => bind(await inner.processAsync(...args)),
      getCacheKey: (...args) => `${inner.getCacheKey(...args)}${BOUND}`,
    };
  },
};
