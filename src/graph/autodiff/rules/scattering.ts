import { int, type Attributes } from '../../builder.js';
import { blocked } from '../blocked.js';
import { intAttribute, stringAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { zerosLike } from '../shaping.js';

/** Whether updates are added to the data instead of taking its place. */
function addsUpdates({ node }: RuleContext): boolean {
  const reduction = stringAttribute(node, 'reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') throw blocked(node, `its reduction is "${reduction}"`);
  return reduction === 'add';
}

/**
 * The updates receive the gradient of the places they were written to; the data receives it everywhere, or, where the
 * updates took its place, everywhere else. Operators that only write must not write to one place twice.
 */
const scatter =
  (gatherer: string, attributesOf: (context: RuleContext) => Attributes): GradientRule =>
  (context) => {
    const { builder, node, needs, outputGradients } = context;
    const [, indices, updates] = node.inputs as [string, string, string];
    const gradient = outputGradients[0]!;
    const attributes = attributesOf(context);
    const adds = addsUpdates(context);
    const ofData = (): string =>
      adds ? gradient : builder.add(node.op, [gradient, indices, zerosLike(context, updates)], attributes);
    const ofUpdates = (): string => builder.add(gatherer, [gradient, indices], attributes);
    return [needs[0] === true ? ofData() : null, null, needs[2] === true ? ofUpdates() : null];
  };

/** Operators that write elements or slices to places of a copy of their input. */
export const scatteringRules: Readonly<Record<string, GradientRule>> = {
  ScatterElements: scatter('GatherElements', ({ node }) => ({ axis: int(intAttribute(node, 'axis', 0)) })),
  ScatterND: scatter('GatherND', () => ({})),
};
