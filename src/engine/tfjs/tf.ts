/**
 * TensorFlow.js as the engine uses it. Importing this file loads it, so whatever must start fast imports the engine on demand.
 */
import * as tf from '@tensorflow/tfjs-core';
// Kernels of plain JavaScript: a backend of its own, and what others are helped out with.
import '@tensorflow/tfjs-backend-cpu';
// The build of tfjs-core for Node.js registers no gradients; that of the layers does.
import '@tensorflow/tfjs-layers';

// Its own notices ("speed things up dramatically") would end up on the user's standard error.
tf.enableProdMode();

// Its layers call operations as methods of tensors in places, and the build for Node.js has no such methods.
const methods: Record<string, unknown> = {
  flatten(this: tf.Tensor) {
    return tf.reshape(this, [this.size]);
  },
};
for (const [name, operation] of Object.entries(tf)) {
  if (typeof operation !== 'function' || !/^[a-z]/.test(name)) continue;
  const apply = operation as (...args: unknown[]) => unknown;
  methods[name] = function (this: tf.Tensor, ...args: unknown[]) {
    return apply(this, ...args);
  };
}
for (const [name, value] of Object.entries(methods)) {
  if (name in tf.Tensor.prototype) continue;
  Object.defineProperty(tf.Tensor.prototype, name, { value, configurable: true, writable: true });
}

export { tf };
