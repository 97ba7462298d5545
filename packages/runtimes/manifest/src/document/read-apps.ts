import type { App, NodeBinding } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { present } from './present.ts';
import { readLock } from './read-lock.ts';
import type { Section } from './section.ts';

/** A binding without a namespace is one to any. */
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
      ...present({
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
    namespace: section.text('namespace') ?? ANY_NAMESPACE,
    ...present({ nodeName: section.text('node_name'), channelNamespace: section.text('topic_namespace') }),
  };
  section.finish();
  if (binding.nodeName || binding.channelNamespace) return binding;
  app.report('M006', 'ros_binding', 'neither node_name nor topic_namespace: the app is bound to nothing');
  return undefined;
}
