import { describe } from '@jest/globals';
import { itMatches } from '../cases/matches.js';
import { trainingOnlyCases } from '../cases/training-only.js';

describe('a model of TensorFlow.js layers computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(trainingOnlyCases);
});
