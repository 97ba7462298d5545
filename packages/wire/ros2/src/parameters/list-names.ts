import { NAME_SEPARATOR } from './parameter.ts';

/** `rcl_interfaces/msg/ListParametersResult`. */
export interface ParameterNames {
  readonly names: readonly string[];
  /** What stands before the last part of a listed name. */
  readonly prefixes: readonly string[];
}

/** Which names are wanted. */
export interface ParameterQuery {
  /** Names that are one of these or stand below one; all names where there are none. */
  readonly prefixes?: readonly string[];
  /** How many parts a name may have below its prefix; 0, the default, for any number. */
  readonly depth?: number;
}

/** The names among `declared` that a query wants, sorted, with their prefixes: what `list_parameters` answers. */
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
