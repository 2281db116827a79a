import type { Node } from '../../ir.js';
import { without, type OpsetRule } from '../opset-rule.js';

/**
 * The node without attributes that 17 does not know; undefined unless each of them that is present has a value that
 * changes nothing, as its test tells.
 */
export const withDefaults =
  (neutral: Readonly<Record<string, (node: Node) => boolean>>): OpsetRule =>
  (node) => {
    const unknown = Object.keys(neutral).filter((name) => name in node.attributes);
    if (unknown.some((name) => !neutral[name]!(node))) return undefined;
    return [{ ...node, attributes: without(node.attributes, ...unknown) }];
  };

/** No value of the attribute can be left out. */
export const never = (): boolean => false;

/** Every value of the attribute can be left out. */
export const always = (): boolean => true;
