'use strict';
// Jest runs tests in a VM realm with its own typed arrays; ONNX Runtime's native binding and TensorFlow.js
// compare against the outer realm's and reject the others (microsoft/onnxruntime#16622). Sharing the outer
// constructors with the realm makes both see one set.
const { TestEnvironment } = require('jest-environment-node');

const SHARED = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

module.exports = class GauntletEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED) this.global[name] = globalThis[name];
    // Tests compare plain text; a CI system or a terminal that asks for colours must not change what they see.
    const { env } = this.global.process;
    delete env.FORCE_COLOR;
    env.NO_COLOR = '1';
  }
};
