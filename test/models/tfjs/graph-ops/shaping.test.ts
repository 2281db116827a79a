import { describe } from '@jest/globals';
import { shapingCases } from '../graph-cases/shaping.js';
import { itMatches } from '../graph-cases/matches.js';

describe('a graph model computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(shapingCases);
});
