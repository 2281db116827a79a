import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// The Node build of tfjs-core registers no gradients; importing the layers does.
import '@tensorflow/tfjs-layers';

// Keeps TensorFlow.js from advertising its native package on the console.
tf.env().set('IS_TEST', true);
await tf.setBackend('cpu');

export { tf };
