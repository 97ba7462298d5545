import { splitNodeName } from '@medkit/core/discovery';
import { yaml } from '@medkit/documents';

/** A running robot as its gateway shows it, reduced to what a manifest can declare. */
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

/** A running entity: in the graph, or external, so that no node is bound. */
export interface DraftRunning extends DraftEntity {
  readonly external?: boolean;
}

const HEAD = [
  ' Draft of the running robot. Change names, assign apps to components and components to',
  ' areas, then check it with `medkit manifest check` and run the gateway with',
  ' `--set discovery.mode=hybrid --set discovery.manifest_path=<this file>`.',
].join('\n');

/**
 * Returns a manifest, as YAML, that declares the running system: every app is bound to its current node or marked as
 * external.
 */
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
        // An external app needs no binding.
        ...(app.node !== undefined && !app.external && { ros_binding: bindingTo(app.node) }),
      })),
    ),
    ...filled(
      'functions',
      functions.map((entity) => ({ ...described(entity), hosted_by: [...entity.hosts] })),
    ),
  });
  document.commentBefore = HEAD;
  // The version looks like a number to YAML but must be a text.
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
