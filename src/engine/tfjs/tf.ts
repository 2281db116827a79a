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

export { tf };
