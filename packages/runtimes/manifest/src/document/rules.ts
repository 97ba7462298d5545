/** Severity of a finding: errors refuse a manifest, warnings only in strict validation, notices never. */
export type FindingLevel = 'error' | 'warning' | 'notice';

interface Rule {
  readonly level: FindingLevel;
  /** What the rule requires, for the list of rules. */
  readonly about: string;
}

/** Validation rules of manifests. Those that begin with `M` are specific to medkit. */
export const RULES = {
  R001: { level: 'error', about: '`manifest_version` is "1.0".' },
  R002: { level: 'error', about: 'Area ids are unique.' },
  R003: { level: 'error', about: 'Component ids are unique, including assets.' },
  R004: { level: 'error', about: 'App ids are unique.' },
  R005: { level: 'error', about: 'Function ids are unique.' },
  R006: { level: 'error', about: 'The parent of an area, the area and the parent of a component exist.' },
  R007: { level: 'error', about: 'The component of an app exists.' },
  R008: { level: 'warning', about: 'The dependencies of an app or function exist.' },
  R009: { level: 'warning', about: 'The hosts of a function are apps or components.' },
  R010: { level: 'error', about: 'No two apps are bound to the same node; bindings with `*` may overlap.' },
  R011: { level: 'error', about: 'Apps and functions have no circular dependencies.' },
  R012: { level: 'error', about: 'Script ids are unique.' },
  R013: { level: 'warning', about: 'An external app has no `ros_binding`.' },
  R014: { level: 'notice', about: '`unmanifested_nodes` has one of its four values.' },
  R015: { level: 'notice', about: '`config` and its entries have the expected types.' },
  LOAD: { level: 'error', about: 'The file exists, is valid YAML, and has all required entries.' },
  FRAGMENT_PARSE: { level: 'error', about: 'A fragment is valid YAML with the expected types, and at most 1 MiB.' },
  FRAGMENT_FORBIDDEN_FIELD: {
    level: 'error',
    about: 'A fragment has no section that is allowed only in the manifest.',
  },
  FRAGMENT_SKIPPED: { level: 'notice', about: 'A fragment is a regular file within its folder.' },
  INVENTORY_CSV: { level: 'error', about: 'The inventory can be read and has a column `id`.' },
  INVENTORY_ROW: { level: 'notice', about: 'A row of the inventory has a unique id and an existing area.' },
  M001: { level: 'notice', about: 'Every key is a known key of a manifest.' },
  M002: { level: 'error', about: 'An id has 1 to 256 characters of `A-Z a-z 0-9 _ -`.' },
  M003: { level: 'notice', about: 'The dependencies of a component exist.' },
  M004: { level: 'error', about: 'Areas and components do not contain each other in a circle.' },
  M005: { level: 'notice', about: 'A function has at least one host.' },
  M006: { level: 'notice', about: 'A `ros_binding` names a node or a topic namespace.' },
  M007: { level: 'error', about: 'A value has the type of its key.' },
  M008: { level: 'error', about: 'A lock names collections that can be locked, without contradictions.' },
  M009: { level: 'notice', about: 'A key has its current spelling.' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
