import { type EntityKind, KIND_TERMS, kindOfCollection } from '@medkit/contract';
import { entityIdProblem } from '@medkit/core';

/** The entities that a scope names. */
export type EntityPattern = { readonly isTree: boolean } & (
  | { readonly is: 'all' }
  | { readonly is: 'entity'; readonly kind: EntityKind; readonly id: string }
  | { readonly is: 'kind'; readonly kind: EntityKind }
  | { readonly is: 'tag'; readonly tag: string }
);

/** Suffix of a pattern that includes what its entities contain. */
const TREE = '/**';
const FORM = `use ${Object.values(KIND_TERMS)
  .map(({ collection }) => `${collection}/<id>`)
  .join(', ')}, kind:<collection> or tag:<tag>, each with /** to include what it contains, or ** for every entity`;

/** Parses a pattern; returns the problem as a text if it is invalid. */
export function parsePattern(text: string): EntityPattern | string {
  if (text === '**') return { is: 'all', isTree: false };
  const isTree = text.endsWith(TREE);
  const name = isTree ? text.slice(0, -TREE.length) : text;
  const [, selector, value = ''] = /^(kind|tag):(.+)$/su.exec(name) ?? [];
  if (selector === 'tag') return { is: 'tag', tag: value, isTree };
  const [collection = '', id = '', ...more] = name.split('/');
  const kind = kindOfCollection(selector === 'kind' ? value : collection);
  if (kind === undefined || (selector === undefined && (more.length > 0 || entityIdProblem(id) !== undefined))) {
    return `${JSON.stringify(text.slice(0, 80))} names no entities: ${FORM}`;
  }
  return selector === 'kind' ? { is: 'kind', kind, isTree } : { is: 'entity', kind, id, isTree };
}
