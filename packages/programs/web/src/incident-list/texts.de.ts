import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  group: 'Gruppierung',
  groups: { cause: 'nach Ursache', none: 'keine' },
  incidents: (count) => plural(count, 'Vorfall', 'Vorfälle'),
  noneOpen: 'keiner offen',
  acknowledge: (count) => `${count} übernehmen`,
  close: (count) => `${count} schließen …`,
  closeEffect:
    'Die Vorfälle werden für alle Benutzer geschlossen. Jeder wird mit einem neuen Ereignis wieder geöffnet.',
  merge: (count) => `${count} zusammenführen …`,
  mergeAction: 'Zusammenführen',
  mergeEffect: (id) =>
    `Alle Fehler und Notizen kommen in ${id}, den frühesten Vorfall. Die anderen Kennungen verweisen auf ihn. Fehler lassen sich wieder abtrennen.`,
  older: 'Gruppen enthalten nur die Vorfälle dieser Seite; ältere folgen.',
};
