import { entityPath, KIND_TERMS, type KindTerms, SovdError } from '@medkit/contract';
import type { App, JsonObject } from '@medkit/core';
import type { PluginRoute } from '@medkit/plugin';
import Type from 'typebox';
import type { ProcessRef } from '../proc/proc-folder.ts';
import type { Introspection } from './introspection.ts';

export interface Sources {
  /** Returns the app with this id; `undefined` if there is none. */
  app(id: string): Promise<App | undefined>;
  /** Returns the apps on a component. */
  appsOn(componentId: string): Promise<readonly App[]>;
  /** Returns the process of an app; `undefined` if unknown. */
  processOf(app: App): Promise<ProcessRef | undefined>;
}

/** The routes `GET /apps/{app_id}/x-medkit-…` for one process, and the same for all processes on a component. */
export function introspectionRoutes(introspection: Introspection, sources: Sources): readonly PluginRoute[] {
  return [ofApp(introspection, sources), ofComponent(introspection, sources)];
}

function ofApp({ errors, read, schema, ...introspection }: Introspection, { app, processOf }: Sources): PluginRoute {
  return {
    route: {
      ...common(introspection, KIND_TERMS.app),
      description: `${introspection.description}. For the process of the app.`,
      responses: { 200: { description: introspection.summary, schema } },
      errors: ['x-medkit-pid-lookup-failed', ...errors],
    },
    handle: async ({ path }) => {
      const id = path.app_id;
      const found = await app(id);
      if (!found) throw new SovdError({ code: 'entity-not-found', parameters: { entity_id: id } });
      const process = await processOf(found);
      if (!process) {
        const message = `No process of ${id} was found on this machine`;
        throw new SovdError({ code: 'x-medkit-pid-lookup-failed', message, parameters: { entity_id: id } });
      }
      return { body: await read(process) };
    },
  };
}

function ofComponent({ read, schema, list, key, ...introspection }: Introspection, sources: Sources): PluginRoute {
  const item = Type.Object({
    ...schema.properties,
    node_ids: Type.Array(Type.String(), { description: 'Apps of the component that belong to this item' }),
  });
  return {
    route: {
      ...common(introspection, KIND_TERMS.component),
      description: `${introspection.description}. For the processes of its apps; apps without a process are omitted.`,
      responses: { 200: { description: introspection.summary, schema: Type.Object({ [list]: Type.Array(item) }) } },
      errors: [],
    },
    handle: async ({ path }) => {
      const items = new Map<unknown, { readonly facts: JsonObject; readonly apps: string[] }>();
      for (const { process, apps } of await processesOn(path.component_id, sources)) {
        const facts = await readable(read(process));
        if (!facts) continue;
        const known = items.get(facts[key]);
        if (known) known.apps.push(...apps);
        else items.set(facts[key], { facts, apps: [...apps] });
      }
      return { body: { [list]: [...items.values()].map(({ facts, apps }) => ({ ...facts, node_ids: apps.sort() })) } };
    },
  };
}

interface SharedProcess {
  readonly process: ProcessRef;
  readonly apps: string[];
}

/** Returns the processes of a component's apps, each with all of its apps. */
async function processesOn(componentId: string, { appsOn, processOf }: Sources): Promise<readonly SharedProcess[]> {
  const shared = new Map<number, SharedProcess>();
  for (const app of await appsOn(componentId)) {
    const process = await processOf(app);
    if (!process) continue;
    const known = shared.get(process.id);
    if (known) known.apps.push(app.id);
    else shared.set(process.id, { process, apps: [app.id] });
  }
  return [...shared.values()];
}

/** Returns the result; `undefined` for a process that does not have the resource or has ended. */
async function readable(read: Promise<JsonObject>): Promise<JsonObject | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SovdError) return undefined;
    throw error;
  }
}

type RouteText = Pick<Introspection, 'resource' | 'cap' | 'summary'>;

function common({ resource, cap, summary }: RouteText, labels: KindTerms) {
  return {
    method: 'get',
    path: `${entityPath(labels)}/${resource}`,
    operationId: `get${labels.cap}${cap}`,
    summary: `${summary} of ${labels.a}`,
    kind: labels.kind,
    parameters: [],
  } as const;
}
