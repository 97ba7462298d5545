import type { texts as en } from './texts.en.ts';

const plural = (count: number, one: string, other: string) => `${count} ${count === 1 ? one : other}`;

export const texts: typeof en = {
  title: 'Ausführungen',
  counted: (count, all) =>
    count === all
      ? plural(all, 'Ausführung', 'Ausführungen')
      : `${count} von ${plural(all, 'Ausführung', 'Ausführungen')}`,
  cut: (limit) => `Nur die neuesten ${limit} sind aufgeführt.`,
  search: 'Suche',
  searchHint: 'Operation, Skript, Entität',
  state: 'Zustand',
  states: { all: 'Alle', running: 'Laufende', ended: 'Beendete' },
  kind: 'Art',
  kinds: { all: 'Alle', operation: 'Operationen', script: 'Skripte' },
  of: { operation: 'Operation', script: 'Skript' },
  what: 'Operation oder Skript',
  entity: 'Entität',
  started: 'Gestartet',
  took: 'Dauer',
  by: 'Gestartet von',
  reason: 'Grund',
  terminated: 'beendet',
  prepared: 'vorbereitet',
  progress: (percent) => `${percent} %`,
  cancel: 'Abbrechen…',
  stop: 'Stoppen…',
  cancelOf: (name, entity) => `${name} von ${entity} abbrechen`,
  stopOf: (name, entity) => `${name} von ${entity} stoppen`,
  cancelNow: 'Ausführung abbrechen',
  stopNow: 'Skript stoppen',
  cancelEffect:
    'Der Action-Server beendet das Ziel auf seine Weise: Der Roboter hält vielleicht an, wo er ist. Bereits Geschehenes wird nicht rückgängig gemacht.',
  stopEffect:
    'Alle Prozesse des Skripts enden. Sie haben einen Moment Zeit dafür; bereits Geändertes wird nicht rückgängig gemacht.',
  force: 'Sofort beenden, ohne Zeit zum Aufräumen',
  none: 'Noch keine Ausführungen',
  noneHelp:
    'Actions, Services und Skripte erscheinen hier, sobald ein Client sie startet. Öffnen Sie eine Operation einer Entität, um eine zu starten, zum Beispiel:',
  noneMatches: 'Keine Ausführung passt zu diesen Filtern.',
};
