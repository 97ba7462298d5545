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
  R002: { level: 'error', about: 'No two areas have one id.' },
  R003: { level: 'error', about: 'No two components have one id, assets included.' },
  R004: { level: 'error', about: 'No two apps have one id.' },
  R005: { level: 'error', about: 'No two functions have one id.' },
  R006: { level: 'error', about: 'The parent of an area, the area and the parent of a component exist.' },
  R007: { level: 'error', about: 'The component that an app is located on exists.' },
  R008: { level: 'warning', about: 'What an app or function depends on exists.' },
  R009: { level: 'warning', about: 'What hosts a function is an app or a component.' },
  R010: { level: 'error', about: 'No two apps are bound to the same node; bindings with a `*` are free to overlap.' },
  R011: { level: 'error', about: 'Apps, and functions, do not depend on each other in a circle.' },
  R012: { level: 'error', about: 'No two scripts have one id.' },
  R013: { level: 'warning', about: 'An app that is external has no `ros_binding`.' },
  R014: { level: 'notice', about: '`unmanifested_nodes` is one of its four words.' },
  R015: { level: 'notice', about: '`config` and what stands in it have the right shape.' },
  LOAD: { level: 'error', about: 'The file is there, is YAML, and has what cannot be left out.' },
  FRAGMENT_PARSE: { level: 'error', about: 'A fragment is YAML, of the right shape, and at most 1 MiB.' },
  FRAGMENT_FORBIDDEN_FIELD: { level: 'error', about: 'A fragment has no section that belongs to the manifest.' },
  FRAGMENT_SKIPPED: { level: 'notice', about: 'A fragment is a regular file within its folder.' },
  INVENTORY_CSV: { level: 'error', about: 'The inventory can be read and has a column `id`.' },
  INVENTORY_ROW: { level: 'notice', about: 'A row of the inventory has an id of its own and a known area.' },
  M001: { level: 'notice', about: 'Every key is one that a manifest has.' },
  M002: { level: 'error', about: 'An id has 1 to 256 characters of `A-Z a-z 0-9 _ -`.' },
  M003: { level: 'notice', about: 'What a component depends on exists.' },
  M004: { level: 'error', about: 'Areas, and components, are not within each other in a circle.' },
  M005: { level: 'notice', about: 'A function is hosted by somebody.' },
  M006: { level: 'notice', about: 'A `ros_binding` names a node or a namespace of topics.' },
  M007: { level: 'error', about: 'A value has the shape that its key takes.' },
  M008: { level: 'error', about: 'A lock names collections that can be locked, and does not contradict itself.' },
  M009: { level: 'notice', about: 'An old spelling of a key is replaced by the present one.' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
