import { describe } from '@jest/globals';
import { convolutionCases } from '../graph-cases/convolution.js';
import { itMatches } from '../graph-cases/matches.js';

describe('a graph model computes what TensorFlow.js does, gradients too, with', () => {
  itMatches(convolutionCases);
});
