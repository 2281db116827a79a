import { GauntletError } from '../../errors.js';
import { GraphBuilder } from '../builder.js';
import { constantsOf } from '../constants.js';
import type { Graph, Node, Shapes } from '../ir.js';
import { beyondOpset, OPSET } from '../passes/upgrade-opset.js';
import { dependenciesOf } from '../topology.js';
import { COMPARISONS, findActivity, hasFloatOutput, type Activity } from './activity.js';
import { blocked, GradientBlocked, isStandard } from './blocked.js';
import type { GradientRule, RuleContext } from './rule.js';
import { gradientRules } from './rules/index.js';
import { zerosLike } from './shaping.js';
import { MOVEMENTS, straightThroughRules } from './straight-through.js';

export interface DifferentiateRequest {
  /**
   * For each value whose gradient is given from outside: the name of a value of the graph (input, initializer or
   * node output) that holds its cotangent, of exactly its shape.
   */
  readonly cotangents: Readonly<Record<string, string>>;
  /** Inputs, initializers or intermediate values, float32. */
  readonly withRespectTo: readonly string[];
  /**
   * Whether operators whose derivative is zero almost everywhere pass the gradient as straight-through.ts says; false by
   * default, and then they block it.
   */
  readonly straightThrough?: boolean;
}

export interface Differentiated {
  /** The given graph with the gradient's nodes appended; its inputs and outputs are those of the given graph. */
  readonly graph: Graph;
  /** For each `withRespectTo` value, the name of the value that holds its gradient, of the same shape. */
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * Goes back through a graph; see `differentiate`.
 * @param onBlocked told of every node that blocks; where it returns, zeros are propagated instead
 */
export function backpropagate(
  graph: Graph,
  shapes: Shapes,
  request: DifferentiateRequest,
  onBlocked: (blocker: GradientBlocked) => void,
): Differentiated {
  const targets = Object.entries(request.cotangents);
  const beyond = beyondOpset(graph);
  if (beyond !== undefined) onBlocked(blocked(beyond, `operator set ${OPSET} has no such form of it`));
  const { active, path } = visited(graph, shapes, request, onBlocked);
  const rules = new Map(path.map((node) => [node, ruleOf(node, shapes, request.straightThrough === true)]));
  for (const rule of rules.values()) if (rule instanceof GradientBlocked) onBlocked(rule);

  const builder = new GraphBuilder(graph);
  const constants = constantsOf(graph);
  for (const variable of request.withRespectTo) constants.delete(variable);
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
      ...{ builder, node, shapes, outputGradients, needs },
      dims: (value) => dimsOf(shapes, value),
      constant: (value) => constants.get(value),
    };
    propagate(rule, context, onBlocked).forEach((gradient, i) => {
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

/** The part of the graph to go back through. */
function visited(
  graph: Graph,
  shapes: Shapes,
  { cotangents, withRespectTo, straightThrough = false }: DifferentiateRequest,
  onBlocked: (blocker: GradientBlocked) => void,
): Activity {
  const targets = Object.keys(cotangents);
  const activity = findActivity(graph, shapes, withRespectTo, targets);
  const lost = withoutPath(withRespectTo, targets, activity);
  if (lost.length === 0) return activity;
  const behind = findActivity(graph, shapes, lost, targets, COMPARISONS);
  if (behind.path.length === 0) return activity;
  if (straightThrough) {
    const through = new Set([...COMPARISONS].filter((op) => straightThroughRules.has(op)));
    const approximate = findActivity(graph, shapes, withRespectTo, targets, through);
    const stillLost = withoutPath(lost, targets, approximate);
    if (findActivity(graph, shapes, stillLost, targets, COMPARISONS).path.length === 0) return approximate;
  }
  const cut = behind.path.find((node) => isStandard(node) && COMPARISONS.has(node.op))!;
  onBlocked(blocked(cut, 'it compares, and nothing else leads from the input to the output'));
  return activity;
}

/** The sources that lead to no target. */
function withoutPath(
  sources: readonly string[],
  targets: readonly string[],
  { path }: Activity,
): readonly string[] {
  const read = new Set(path.flatMap(dependenciesOf));
  return sources.filter((source) => !read.has(source) && !targets.includes(source));
}

function ruleOf(node: Node, shapes: Shapes, straightThrough: boolean): GradientRule | GradientBlocked {
  const standard = isStandard(node);
  const approximate = standard ? straightThroughRules.get(node.op) : undefined;
  if (straightThrough && approximate !== undefined) return approximate.rule;
  const rule = standard ? gradientRules.get(node.op) : undefined;
  if (rule === undefined)
    return blocked(node, approximate?.reason ?? 'there is no gradient rule for this operator');
  if (hasFloatOutput(node, shapes) || (straightThrough && MOVEMENTS.has(node.op))) return rule;
  return blocked(node, 'it turns floats into integers');
}

/** What the rule emits; zeros where there is none and `onBlocked` does not throw. */
function propagate(
  rule: GradientRule | GradientBlocked,
  context: RuleContext,
  onBlocked: (blocker: GradientBlocked) => void,
): readonly (string | null)[] {
  const { node, needs } = context;
  const zeros = () => node.inputs.map((input, i) => (needs[i] === true ? zerosLike(context, input) : null));
  if (rule instanceof GradientBlocked) return zeros();
  try {
    return rule(context);
  } catch (error) {
    if (!(error instanceof GradientBlocked)) throw error;
    onBlocked(error);
    return zeros();
  }
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
