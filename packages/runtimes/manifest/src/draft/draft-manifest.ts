import { splitNodeName } from '@medkit/core/discovery';
import { yaml } from '@medkit/documents';

/** A running robot as its gateway shows it, as far as a manifest can say it. */
export interface DraftSource {
  readonly areas: readonly DraftEntity[];
  readonly components: readonly (DraftRunning & { readonly area?: string; readonly parent?: string })[];
  readonly apps: readonly (DraftRunning & { readonly component?: string; readonly node?: string })[];
  readonly functions: readonly (DraftEntity & { readonly hosts: readonly string[] })[];
}

export interface DraftEntity {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly parent?: string;
}

/** What runs somewhere: in the graph, or outside of it, where no node is looked for. */
export interface DraftRunning extends DraftEntity {
  readonly external?: boolean;
}

const HEAD = [
  ' The robot as it runs now. Change names, put apps on their components and',
  ' components into areas, then look at it with `medkit manifest check` and run it with',
  ' `--set discovery.mode=hybrid --set discovery.manifest_path=<this file>`.',
].join('\n');

/** A manifest, as YAML, that declares what runs: every app is bound to the node that it is now, or external as it is now. */
export function draftManifest({ areas, components, apps, functions }: DraftSource): string {
  const { Document, isScalar, Scalar } = yaml();
  const document = new Document({
    manifest_version: '1.0',
    config: { unmanifested_nodes: 'warn' },
    ...filled(
      'areas',
      areas.map((area) => ({ ...described(area), ...set('parent_area', area.parent) })),
    ),
    ...filled(
      'components',
      components.map((component) => ({
        ...described(component),
        ...set('area', component.area),
        ...set('parent_component_id', component.parent),
        ...outside(component),
      })),
    ),
    ...filled(
      'apps',
      apps.map((app) => ({
        ...described(app),
        ...set('is_located_on', app.component),
        ...outside(app),
        // A binding of an external app would bind nothing.
        ...(app.node !== undefined && !app.external && { ros_binding: bindingTo(app.node) }),
      })),
    ),
    ...filled(
      'functions',
      functions.map((entity) => ({ ...described(entity), hosted_by: [...entity.hosts] })),
    ),
  });
  document.commentBefore = HEAD;
  // A number to YAML, a text to those who read it.
  const version = document.get('manifest_version', true);
  if (isScalar(version)) version.type = Scalar.QUOTE_DOUBLE;
  return document.toString({ lineWidth: 120 });
}

function described({ id, name, description }: DraftEntity) {
  return { id, ...(name !== '' && name !== id && { name }), ...set('description', description) };
}

function outside({ external }: DraftRunning) {
  return external ? { external } : {};
}

function bindingTo(fqn: string) {
  const { name, namespace } = splitNodeName(fqn);
  return { node_name: name, namespace };
}

function set<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value ? { [key]: value } : {}) as { readonly [P in K]?: string };
}

function filled<T>(key: string, items: readonly T[]): Readonly<Record<string, readonly T[]>> {
  return items.length > 0 ? { [key]: items } : {};
}
