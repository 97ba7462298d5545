import { NAME_SEPARATOR } from './parameter.ts';

/** `rcl_interfaces/msg/ListParametersResult`. */
export interface ParameterNames {
  readonly names: readonly string[];
  /** The listed names without their last part. */
  readonly prefixes: readonly string[];
}

/** Selects parameter names. */
export interface ParameterQuery {
  /** Names that equal one of these or are below one. If empty: all names. */
  readonly prefixes?: readonly string[];
  /** Maximum number of parts below the prefix. 0, the default, means any number. */
  readonly depth?: number;
}

/**
 * Returns the names among `declared` that a query selects, sorted, with their prefixes: the answer of
 * `list_parameters`.
 */
export function listNames(declared: Iterable<string>, { prefixes = [], depth = 0 }: ParameterQuery): ParameterNames {
  const shallow = (name: string): boolean => depth === 0 || name.split(NAME_SEPARATOR).length <= depth;
  const below = (name: string, prefix: string): boolean =>
    name.startsWith(prefix + NAME_SEPARATOR) && shallow(name.slice(prefix.length + 1));
  const wanted = (name: string): boolean =>
    prefixes.length === 0 ? shallow(name) : prefixes.some((prefix) => name === prefix || below(name, prefix));

  const names = [...declared].filter(wanted).sort();
  const nested = names.filter((name) => name.includes(NAME_SEPARATOR));
  const parents = new Set(nested.map((name) => name.slice(0, name.lastIndexOf(NAME_SEPARATOR))));
  return { names, prefixes: [...parents] };
}
