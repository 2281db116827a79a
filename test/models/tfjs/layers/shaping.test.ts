import { describe } from '@jest/globals';
import { shapingCases } from '../cases/shaping.js';
import { itMatches } from '../cases/matches.js';

describe('a model of TensorFlow.js layers computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(shapingCases);
});
