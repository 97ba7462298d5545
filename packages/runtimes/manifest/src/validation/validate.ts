import { type App, entityIdProblem, type NodeBinding } from '@medkit/core';
import { type Finding, finding } from '../document/finding.ts';
import { type Declarations, type Declared, fieldLocation } from '../document/manifest.ts';
import type { RuleId } from '../document/rules.ts';
import { findCycle } from './cycles.ts';

type WithId = Declared<{ readonly id: string }>;

/** Validates that the parts of a manifest are consistent: ids, references, bindings, cycles. */
export function validate(declared: Declarations): readonly Finding[] {
  const { areas, components, apps, functions, scripts } = declared;
  return [
    ...idFindings('area', areas, 'R002'),
    ...idFindings('component', components, 'R003'),
    ...idFindings('app', apps, 'R004'),
    ...idFindings('function', functions, 'R005'),
    ...idFindings('script', scripts, 'R012'),
    ...placementFindings(declared),
    ...dependencyFindings(declared),
    ...hostFindings(declared),
    ...bindingFindings(apps),
    ...circleFindings(declared),
  ];
}

function idFindings(kind: string, all: readonly WithId[], rule: RuleId): readonly Finding[] {
  const first = new Map<string, WithId>();
  return all.flatMap((declared) => {
    const { id } = declared.value;
    const at = fieldLocation(declared, 'id');
    const problem = entityIdProblem(id);
    const earlier = first.get(id);
    if (!earlier) first.set(id, declared);
    return [
      ...(problem ? [finding('M002', at, `${kind} "${id}": ${problem}`)] : []),
      ...(earlier && id !== ''
        ? [finding(rule, at, `${kind} "${id}" is already defined at ${fieldLocation(earlier, 'id')}`)]
        : []),
    ];
  });
}

function idsOf(all: readonly WithId[]): ReadonlySet<string> {
  return new Set(all.map(({ value }) => value.id));
}

function placementFindings({ areas, components, apps }: Declarations): readonly Finding[] {
  const [areaIds, componentIds] = [idsOf(areas), idsOf(components)];
  const missing = (rule: RuleId, declared: WithId, keys: readonly string[], what: string, id: string | undefined) => {
    const key = keys.find((name) => declared.places.has(name)) ?? '';
    return [finding(rule, fieldLocation(declared, key), `${declared.value.id}: there is no ${what} "${id}"`)];
  };
  return [
    ...areas.flatMap((area) => {
      const { parentAreaId: id } = area.value;
      if (id === undefined || areaIds.has(id)) return [];
      return missing('R006', area, ['parent_area', 'parent_area_id'], 'parent area', id);
    }),
    ...components.flatMap((component) => {
      const { areaId, parentComponentId: parent } = component.value;
      const keys = ['parent_component_id', 'parent_component'];
      return [
        ...(areaId === undefined || areaIds.has(areaId) ? [] : missing('R006', component, ['area'], 'area', areaId)),
        ...(parent === undefined || componentIds.has(parent)
          ? []
          : missing('R006', component, keys, 'parent component', parent)),
      ];
    }),
    ...apps.flatMap((app) => {
      const { componentId: id } = app.value;
      if (id === undefined || componentIds.has(id)) return [];
      return missing('R007', app, ['is_located_on'], 'component', id);
    }),
  ];
}

function dependencyFindings({ components, apps, functions }: Declarations): readonly Finding[] {
  const dangling = (
    kind: string,
    all: readonly Declared<{ readonly id: string; readonly dependsOn?: readonly string[] }>[],
    rule: RuleId,
  ) => {
    const ids = idsOf(all);
    return all.flatMap((declared) =>
      (declared.value.dependsOn ?? [])
        .filter((id) => !ids.has(id))
        .map((id) =>
          finding(
            rule,
            fieldLocation(declared, 'depends_on'),
            `${declared.value.id}: it depends on the ${kind} "${id}", which does not exist`,
          ),
        ),
    );
  };
  return [
    ...dangling('component', components, 'M003'),
    ...dangling('app', apps, 'R008'),
    ...dangling('function', functions, 'R008'),
  ];
}

function hostFindings({ components, apps, functions }: Declarations): readonly Finding[] {
  const hosts = new Set([...idsOf(components), ...idsOf(apps)]);
  return functions.flatMap((declared) => {
    const { id, hosts: named } = declared.value;
    const at = fieldLocation(declared, declared.places.has('hosted_by') ? 'hosted_by' : 'hosts');
    if (named.length === 0) return [finding('M005', at, `function "${id}" has no host`)];
    return named
      .filter((host) => !hosts.has(host))
      .map((host) => finding('R009', at, `function "${id}": host "${host}" is neither an app nor a component`));
  });
}

function bindingFindings(apps: readonly Declared<App>[]): readonly Finding[] {
  const bound = new Map<string, Declared<App>>();
  return apps.flatMap((declared) => {
    const { id, external, binding } = declared.value;
    if (!binding) return [];
    const at = fieldLocation(declared, 'ros_binding');
    if (external) return [finding('R013', at, `app "${id}" is external, so its ros_binding has no effect`)];
    return bindingKeys(binding).flatMap((key) => {
      const earlier = bound.get(key);
      if (!earlier) bound.set(key, declared);
      if (!earlier) return [];
      const other = `"${earlier.value.id}" at ${fieldLocation(earlier, 'ros_binding')}`;
      return [finding('R010', at, `app "${id}" is bound to ${key}, as is ${other}`)];
    });
  });
}

/** Returns keys for a binding to a single node; bindings with `*` have none. */
function bindingKeys({ nodeName, namespace, channelNamespace }: NodeBinding): readonly string[] {
  const keys = [
    ...(nodeName ? [`${nodeName}@${namespace}`] : []),
    ...(channelNamespace ? [`topic:${channelNamespace}`] : []),
  ];
  return keys.filter((key) => !key.includes('*'));
}

function circleFindings({ areas, components, apps, functions }: Declarations): readonly Finding[] {
  const circle = <T extends { readonly id: string }>(
    rule: RuleId,
    all: readonly Declared<T>[],
    leadsTo: (value: T) => readonly string[],
    message: (circle: string) => string,
  ): readonly Finding[] => {
    const found = findCycle(new Map(all.map(({ value }) => [value.id, leadsTo(value)])));
    const begin = found && all.find(({ value }) => value.id === found[0]);
    return begin ? [finding(rule, begin.at, message(found.join(' → ')))] : [];
  };
  const one = (id: string | undefined) => (id === undefined ? [] : [id]);
  return [
    ...circle(
      'M004',
      areas,
      ({ parentAreaId }) => one(parentAreaId),
      (ids) => `areas contain each other: ${ids}`,
    ),
    ...circle(
      'M004',
      components,
      ({ parentComponentId }) => one(parentComponentId),
      (ids) => `components contain each other: ${ids}`,
    ),
    ...circle(
      'R011',
      apps,
      ({ dependsOn = [] }) => dependsOn,
      (ids) => `apps depend on each other: ${ids}`,
    ),
    ...circle(
      'R011',
      functions,
      ({ dependsOn = [] }) => dependsOn,
      (ids) => `functions depend on each other: ${ids}`,
    ),
  ];
}
