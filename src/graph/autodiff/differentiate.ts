import { GauntletError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { GraphBuilder } from '../builder.js';
import type { Graph, Node, Shapes } from '../ir.js';
import { findActivity, hasFloatOutput } from './activity.js';
import { blocked, isStandard } from './blocked.js';
import type { GradientRule, RuleContext } from './rule.js';
import { gradientRules } from './rules/index.js';
import { zerosLike } from './shaping.js';

export interface DifferentiateRequest {
  /**
   * For each value whose gradient is given from outside: the name of a value of the graph (input, initializer or
   * node output) that holds its cotangent, of exactly its shape.
   */
  readonly cotangents: Readonly<Record<string, string>>;
  /** Inputs, initializers or intermediate values, float32. */
  readonly withRespectTo: readonly string[];
}

export interface Differentiated {
  /** The given graph with the gradient's nodes appended; its inputs and outputs are those of the given graph. */
  readonly graph: Graph;
  /** For each `withRespectTo` value, the name of the value that holds its gradient, of the same shape. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * Reverse-mode differentiation as a graph transformation: the vector-Jacobian product of the values with a
 * cotangent, with respect to the values asked for.
 *
 * Only nodes on a path from a `withRespectTo` value to a value with a cotangent are visited. Shapes, comparisons and
 * logical operators end a path: they are constant almost everywhere. A value with no path gets a gradient of zeros.
 * The emitted nodes work at every batch size, whatever the two at which `shapes` was found. An initializer in
 * `withRespectTo` is not treated as constant, so it may be turned into an input afterwards.
 *
 * @param graph operator set 17; left unchanged
 * @throws GauntletError GRADIENT_BLOCKED for an operator on a path that has no rule, or not for this use of it
 */
export function differentiate(graph: Graph, shapes: Shapes, request: DifferentiateRequest): Differentiated {
  const targets = Object.entries(request.cotangents);
  const { active, path } = findActivity(
    graph,
    shapes,
    request.withRespectTo,
    targets.map(([value]) => value),
  );
  const rules = new Map(path.map((node) => [node, ruleOf(node, shapes)]));

  const builder = new GraphBuilder(graph);
  const constant = constantsOf(graph, new Set(request.withRespectTo));
  const contributions = new Map<string, string[]>(targets.map(([value, cotangent]) => [value, [cotangent]]));
  const totalOf = (value: string): string | null => {
    const terms = contributions.get(value) ?? [];
    if (terms.length === 0) return null;
    const total = sum(builder, terms);
    contributions.set(value, [total]);
    return total;
  };

  for (const [node, rule] of [...rules].reverse()) {
    const outputGradients = node.outputs.map((output) => (active.has(output) ? totalOf(output) : null));
    if (outputGradients.every((gradient) => gradient === null)) continue;
    const needs = node.inputs.map((input) => active.has(input));
    const context: RuleContext = {
      ...{ builder, node, shapes, outputGradients, needs, constant },
      dims: (value) => dimsOf(shapes, value),
    };
    rule(context).forEach((gradient, i) => {
      const input = node.inputs[i];
      if (gradient === null || input === undefined || needs[i] !== true) return;
      contributions.set(input, [...(contributions.get(input) ?? []), gradient]);
    });
  }

  // A name of its own for every gradient: two values may share one, and a cotangent may be passed through unchanged.
  const gradients = new Map(
    request.withRespectTo.map((value) => {
      const total = totalOf(value) ?? zerosLike({ builder }, value);
      return [value, builder.addNamed('Identity', [total], builder.fresh(`gradient/${value}`))] as const;
    }),
  );
  return { graph: builder.build(), gradients };
}

function ruleOf(node: Node, shapes: Shapes): GradientRule {
  const rule = isStandard(node) ? gradientRules.get(node.op) : undefined;
  if (rule === undefined) throw blocked(node, 'there is no gradient rule for this operator');
  if (!hasFloatOutput(node, shapes)) throw blocked(node, 'it turns floats into integers');
  return rule;
}

function sum(builder: GraphBuilder, terms: readonly string[]): string {
  if (terms.length === 1) return terms[0]!;
  return builder.add(terms.length === 2 ? 'Add' : 'Sum', terms);
}

function dimsOf(shapes: Shapes, value: string) {
  const shape = shapes.get(value);
  if (shape === undefined)
    throw new GauntletError('SHAPE_INFERENCE', `The shape of value "${value}" is not known.`);
  return shape.dims;
}

/** Looks up the tensor behind a value: an initializer or the output of a Constant node, `variable` ones excepted. */
function constantsOf(graph: Graph, variable: ReadonlySet<string>): (value: string) => Tensor | undefined {
  const constants = new Map(graph.initializers);
  for (const node of graph.nodes) {
    const { value } = node.attributes;
    if (node.op === 'Constant' && value?.type === 'tensor') constants.set(node.outputs[0]!, value.value);
  }
  return (value) => (variable.has(value) ? undefined : constants.get(value));
}
