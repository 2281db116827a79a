import { describe } from '@jest/globals';
import { spatialCases } from '../graph-cases/spatial.js';
import { itMatches } from '../graph-cases/matches.js';

describe('a graph model computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(spatialCases);
});
