import {
  DECLARATION_LIMITS,
  type Declaration,
  type DeclaredApp,
  type DeclaredFault,
  type DeclaredPlace,
  type DeclaredPort,
} from './declaration.ts';
import { DeclarationProblem, JsonMember } from './json-member.ts';

const FAULT_CODE = /^[A-Z][A-Z0-9_]{0,127}$/;

/**
 * Validates parsed JSON as a declaration. Unknown members are ignored, so that a sender may be newer than its receiver.
 * Returns the first problem as text that names the member: `apps[0].ports[1].type is "int": expected one of …`.
 */
export function readDeclaration(json: unknown): { readonly declaration: Declaration } | { readonly problem: string } {
  try {
    return { declaration: declarationIn(new JsonMember(json, '')) };
  } catch (error) {
    if (error instanceof DeclarationProblem) return { problem: error.message };
    throw error;
  }
}

/** Returns an object of the members that are present, each read by its reader. */
function optional<T extends object>(
  from: JsonMember,
  readers: { readonly [K in keyof T & string]: (member: JsonMember) => T[K] },
): Partial<T> {
  const entries = Object.entries<(member: JsonMember) => unknown>(readers).flatMap(([name, read]) => {
    const member = from.member(name);
    return member.isAbsent ? [] : [[name, read(member)]];
  });
  return Object.fromEntries(entries);
}

/** Fails if the value occurred before. */
function once(seen: Set<string>, value: string, member: JsonMember): string {
  if (seen.has(value)) member.fail(`is ${JSON.stringify(value)}, which is already declared`);
  seen.add(value);
  return value;
}

/** Returns a list. Fails if its length plus `before`, the number of earlier items, exceeds `most`. */
function bounded(member: JsonMember, most: number, before = 0): readonly JsonMember[] {
  const items = member.list();
  if (before + items.length > most) {
    member.fail(`makes ${before + items.length} in total: at most ${most} are allowed`);
  }
  return items;
}

const text = (member: JsonMember): string => member.text();

function declarationIn(root: JsonMember): Declaration {
  const { components: maxComponents, apps: maxApps } = DECLARATION_LIMITS;
  const componentIds = new Set<string>();
  const runtime = root.member('runtime').text(1);
  const area = optional<{ area: DeclaredPlace }>(root, { area: (member) => placeIn(member, new Set()) });
  const components = bounded(root.member('components'), maxComponents).map((item) => placeIn(item, componentIds));
  const declared: Declared = { apps: new Set(), codes: new Set(), components: componentIds, ports: 0 };
  const apps = bounded(root.member('apps'), maxApps).map((item) => appIn(item, declared));
  return { runtime, ...area, components, apps };
}

function placeIn(from: JsonMember, ids: Set<string>): DeclaredPlace {
  const id = from.member('id');
  return {
    id: once(ids, id.id(), id),
    name: from.member('name').text(1),
    ...optional<Pick<DeclaredPlace, 'description'>>(from, { description: text }),
  };
}

/** What earlier apps have declared. */
interface Declared {
  readonly apps: Set<string>;
  readonly codes: Set<string>;
  readonly components: ReadonlySet<string>;
  ports: number;
}

function appIn(from: JsonMember, declared: Declared): DeclaredApp {
  const id = from.member('id');
  const head = {
    id: once(declared.apps, id.id(), id),
    name: from.member('name').text(1),
    ...optional<Pick<DeclaredApp, 'description' | 'component'>>(from, {
      description: text,
      component: (member) => member.among(declared.components, 'the id of one of the components'),
    }),
  };
  const portItems = bounded(from.member('ports'), DECLARATION_LIMITS.ports, declared.ports);
  declared.ports += portItems.length;
  const portIds = new Set<string>();
  for (const item of portItems) once(portIds, item.member('id').id(), item.member('id'));
  const ports = portItems.map((item) => portIn(item, portIds));
  const faultItems = bounded(from.member('faults'), DECLARATION_LIMITS.faults, declared.codes.size);
  const faults = faultItems.map((item) => faultIn(item, declared.codes, portIds));
  return { ...head, ports, faults };
}

function portIn(from: JsonMember, ids: ReadonlySet<string>): DeclaredPort {
  const id = from.member('id').id();
  const others = new Set([...ids].filter((other) => other !== id));
  return {
    id,
    type: from.member('type').oneOf(['float64', 'int64', 'bool']),
    ...optional<Omit<DeclaredPort, 'id' | 'type'>>(from, {
      name: text,
      unit: text,
      role: (member) => member.oneOf<'threshold' | 'measured' | 'commanded'>(['threshold', 'measured', 'commanded']),
      of: (member) => member.among(others, 'the id of another port of this app'),
      label: text,
      blocks_motion: (member) => member.flag(),
    }),
  };
}

function faultIn(from: JsonMember, codes: Set<string>, ports: ReadonlySet<string>): DeclaredFault {
  const code = from.member('code');
  return {
    code: once(
      codes,
      code.matching(FAULT_CODE, '"A" to "Z", then at most 127 of "A" to "Z", "0" to "9" and "_"'),
      code,
    ),
    severity: from.member('severity').oneOf([0, 1, 2, 3]),
    description: from.member('description').text(),
    ...optional<Pick<DeclaredFault, 'ports'>>(from, {
      ports(member) {
        const seen = new Set<string>();
        return member.list().map((item) => once(seen, item.among(ports, 'the id of a port of this app'), item));
      },
    }),
  };
}
