import type { App, NodeBinding } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import { readLock } from './read-lock.ts';
import type { Section } from './section.ts';

/** Namespace of a binding that names none. */
const ANY_NAMESPACE = '*';

export function readApps(sections: readonly Section[]): readonly Declared<App>[] {
  return sections.map((section) => {
    const id = section.text('id') ?? '';
    const app: App = {
      kind: 'app',
      id,
      name: section.text('name') ?? id,
      source: 'manifest',
      online: false,
      ...omitEmpty({
        description: section.text('description'),
        translationId: section.text('translation_id'),
        tags: section.texts('tags'),
        componentId: section.text('is_located_on'),
        dependsOn: section.texts('depends_on'),
        external: section.flag('external'),
        binding: readBinding(section),
        lock: readLock(section.section('lock')),
      }),
    };
    section.pass('category');
    section.finish();
    return { value: app, at: section.at, places: section.places };
  });
}

function readBinding(app: Section): NodeBinding | undefined {
  const section = app.section('ros_binding');
  if (!section) return undefined;
  const binding = {
    ...namedNode(section),
    ...omitEmpty({ channelNamespace: section.text('topic_namespace') }),
  };
  section.finish();
  if (binding.nodeName || binding.channelNamespace) return binding;
  app.report('M006', 'ros_binding', 'neither node_name nor topic_namespace is set: the app is bound to no node');
  return undefined;
}

const FULL_NAME = /^(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/;

/** Returns the binding to a node: by the last part of its name and a namespace, or by its full name alone. */
function namedNode(section: Section): NodeBinding {
  const namespace = section.text('namespace');
  const nodeName = section.text('node_name');
  const isPath = nodeName?.includes('/') ?? false;
  if (nodeName === undefined || !isPath) return { namespace: namespace ?? ANY_NAMESPACE, ...omitEmpty({ nodeName }) };
  const full = splitNodeName(nodeName);
  const isWrong = !FULL_NAME.test(nodeName);
  if (isWrong) section.report('M007', 'node_name', `"${nodeName}" is neither the name nor the full name of a node`);
  else if (namespace !== undefined && namespace.replace(/\/$/, '') !== full.namespace.replace(/\/$/, '')) {
    const message = `the full name ${nodeName} is not in the namespace ${namespace}: remove namespace`;
    section.report('M007', 'node_name', message);
  }
  return { nodeName: full.name, namespace: full.namespace, isFullName: true };
}
