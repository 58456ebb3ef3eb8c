import type { Span, TreeNode } from './clang-tree.ts';
import type { Mutation } from './find-mutations.ts';

type TextOf = (span: Span) => string;

/** Changes of one constant: a number by one up and down, a truth to the other, a name to the next of its enumeration, a text by its last character. */
export function constantsIn(node: TreeNode, enums: readonly (readonly string[])[], textOf: TextOf): Mutation[] {
  const { span } = node;
  if (span === undefined) return [];
  return replacements(node, textOf(span), enums).map((now) => ({ kind: 'constant', span, now }));
}

function replacements(node: TreeNode, was: string, enums: readonly (readonly string[])[]): readonly string[] {
  if (node.kind === 'IntegerLiteral') return node.isMacro ? changedMacro(was) : changedNumber(was);
  if (node.kind === 'CharacterLiteral') return [was === "'?'" ? "'!'" : "'?'"];
  if (node.kind === 'StringLiteral') return changedText(was);
  if (node.refersTo?.kind === 'EnumConstantDecl') return changedName(node.refersTo.name, was, enums);
  return [];
}

function changedMacro(was: string): readonly string[] {
  if (was === 'true') return ['false'];
  if (was === 'false') return ['true'];
  return was === 'NULL' ? [] : [`(${was} + 1)`, `(${was} - 1)`];
}

function changedNumber(was: string): readonly string[] {
  return /^0[xX]?0*[uUlL]*$/u.test(was) ? ['1'] : [`(${was} + 1)`, `(${was} - 1)`];
}

function changedText(was: string): readonly string[] {
  return /^".*[^\\]."$/u.test(was) ? [`${was.slice(0, -2)}"`] : [];
}

function changedName(name: string, was: string, enums: readonly (readonly string[])[]): readonly string[] {
  const names = enums.find((candidate) => candidate.includes(name)) ?? [];
  const next = names[(names.indexOf(name) + 1) % names.length];
  // Behind the name of a macro stands more than the one constant.
  return was !== name || next === undefined || next === name ? [] : [next];
}
