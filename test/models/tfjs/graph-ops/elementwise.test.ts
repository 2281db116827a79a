import { describe } from '@jest/globals';
import { elementwiseCases } from '../graph-cases/elementwise.js';
import { itMatches } from '../graph-cases/matches.js';

describe('a graph model computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(elementwiseCases);
});
