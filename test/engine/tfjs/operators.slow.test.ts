import { describe } from '@jest/globals';
import { itAgreesInDouble } from './operator-cases.js';

describe('in plain JavaScript, values and gradients are those in float64', () => {
  itAgreesInDouble('cpu');
});
