import type { GradientRule } from '../rule.js';
import { elementaryRules } from './elementary.js';
import { kinkedRules } from './kinked.js';
import { saturatingRules } from './saturating.js';

/** Element-wise operators of one input (PRelu's slope is a second). */
export const activationRules: Readonly<Record<string, GradientRule>> = {
  ...elementaryRules,
  ...kinkedRules,
  ...saturatingRules,
};
